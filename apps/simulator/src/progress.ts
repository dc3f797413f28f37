import type { Stats } from './run.js';

type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>;

/** `seconds` is the time in which `done` of the changes were made. */
export function formatProgress(stats: Stats, fleetSize: number, done: number, seconds: number): string {
  const { registered, sent, ok, errors, latency } = stats;
  const refusals = [...errors].map(([label, count]) => `${label}:${count}`).sort();
  const [p50, p99] = [50, 99].map((p) => (latency.count > 0 ? latency.percentile(p) / 1000 : 0).toFixed(1));
  return [
    `registered ${registered}/${fleetSize}`,
    `sent ${sent}`,
    `ok ${ok}`,
    `errors ${refusals.join(' ') || 0}`,
    `${(done / seconds).toFixed(1)} changes/s`,
    `p50/p99 ${p50}/${p99} ms`,
  ].join(' | ');
}

/** Shows how a run gets on: a line rewritten each second on a terminal, a new line each 5 s elsewhere. */
export function startProgress(out: Terminal, stats: Stats, fleetSize: number) {
  const startedAt = performance.now();
  let last = { at: startedAt, ok: 0 };

  function show(): void {
    const now = { at: performance.now(), ok: stats.ok };
    const line = formatProgress(stats, fleetSize, now.ok - last.ok, (now.at - last.at) / 1000);
    last = now;
    // A line that wraps could not be rewritten.
    out.write(out.isTTY ? `\r${line.slice(0, out.columns - 1)}\x1b[K` : `${line}\n`);
  }
  const timer = setInterval(show, out.isTTY ? 1_000 : 5_000);

  return {
    /** Ends with a line about the whole run. */
    finish(): void {
      clearInterval(timer);
      const seconds = (performance.now() - startedAt) / 1000;
      const summary = formatProgress(stats, fleetSize, stats.ok, seconds);
      out.write(`${out.isTTY ? '\r\x1b[K' : ''}done in ${seconds.toFixed(1)} s | ${summary}\n`);
    },
  };
}
