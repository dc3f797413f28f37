import t, { type Test } from 'tap';
import { formatProgress, startProgress } from '../src/progress.js';
import { createStats } from '../src/run.js';

function createScreen(isTTY: boolean, columns: number) {
  const written: string[] = [];
  return { written, isTTY, columns, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
}

/** Hands the timer that a run sets to the test, which then is the one that ticks. */
function captureTimer(t: Test) {
  let timer = { tick: (): void => {}, ms: 0 };
  const value = (tick: () => void, ms: number): void => {
    timer = { tick, ms };
  };
  t.intercept(globalThis, 'setInterval', { value });
  return () => timer;
}

t.test('the line tells all counts', async (t) => {
  const stats = createStats();
  t.equal(
    formatProgress(stats, 50, 0, 5),
    'registered 0/50 | sent 0 | ok 0 | errors 0 | 0.0 changes/s | p50/p99 0.0/0.0 ms',
  );
  Object.assign(stats, { registered: 50, sent: 103, ok: 100 });
  stats.errors.set('503', 2).set('429', 1);
  for (const micros of [2000, 2000, 2000, 9000]) stats.latency.record(micros);
  t.equal(
    formatProgress(stats, 50, 100, 5),
    'registered 50/50 | sent 103 | ok 100 | errors 429:1 503:2 | 20.0 changes/s | p50/p99 2.0/9.0 ms',
  );
});

t.test('on a terminal the line is rewritten in place each second and never wraps', async (t) => {
  const timer = captureTimer(t);
  const screen = createScreen(true, 41);
  const progress = startProgress(screen, createStats(), 50);
  t.equal(timer().ms, 1_000);
  timer().tick();
  progress.finish();
  const [line, summary = ''] = screen.written;
  t.equal(line, '\rregistered 0/50 | sent 0 | ok 0 | errors\x1b[K');
  t.ok(summary.startsWith('\r\x1b[Kdone in ') && summary.endsWith(' ms\n'));
});

t.test('elsewhere a line is added each 5 s', async (t) => {
  const timer = captureTimer(t);
  const screen = createScreen(false, 0);
  const progress = startProgress(screen, createStats(), 50);
  t.equal(timer().ms, 5_000);
  timer().tick();
  timer().tick();
  progress.finish();
  t.equal(screen.written.length, 3);
  for (const line of screen.written) t.match(line, /^\w.* ms\n$/);
});
