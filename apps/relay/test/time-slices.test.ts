import t from 'tap';
import { createTimeSlices } from '../src/history/time-slices.js';

/** Time that passes only when a step takes some, and turns of the event loop that come when a test says so. */
function createClock() {
  let ms = 0;
  let callbacks: (() => void)[] = [];
  return {
    clock: { now: () => ms, nextTurn: (callback: () => void) => void callbacks.push(callback) },
    spend(taken: number): void {
      ms += taken;
    },
    turn(): void {
      const due = callbacks;
      callbacks = [];
      for (const callback of due) callback();
    },
    isIdle: () => callbacks.length === 0,
  };
}

function setUp() {
  const { clock, ...time } = createClock();
  const done: string[] = [];
  /** A task of some steps, which notes each of them. */
  const task = (name: string, steps: number, stepMs: number) => {
    let step = 0;
    return (): string | undefined => {
      time.spend(stepMs);
      step += 1;
      done.push(`${name}${step}`);
      return step === steps ? name : undefined;
    };
  };
  return { slices: createTimeSlices(clock), time, done, task };
}

t.test('work starts at once and leaves the turn after 4 ms, however many tasks there are', async (t) => {
  const { slices, time, done, task } = setUp();
  const results = ['a', 'b', 'c'].map((name) => slices.run(task(name, 3, 1)));
  t.same(done, ['a1', 'a2', 'a3', 'b1'], 'before the first turn ends');
  time.turn();
  t.same(done.splice(0), ['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'c2']);
  time.turn();
  t.same(done, ['c3']);
  t.same(await Promise.all(results), ['a', 'b', 'c']);
  time.turn();
  t.ok(time.isIdle(), 'nothing is left to wake up for');
});

t.test('who asks again in the same turn gets no more time', async (t) => {
  const { slices, time, done, task } = setUp();
  t.equal(await slices.run(task('a', 1, 3)), 'a');
  t.equal(await slices.run(task('b', 1, 3)), 'b');
  const last = slices.run(task('c', 1, 3));
  t.same(done, ['a1', 'b1']);
  time.turn();
  t.equal(await last, 'c');
});

t.test('a step that throws ends its task alone', async (t) => {
  const { slices, time, task } = setUp();
  const first = slices.run(task('a', 1, 4));
  const broken = slices.run(() => {
    throw new Error('broken');
  });
  const last = slices.run(task('c', 1, 1));
  time.turn();
  t.equal(await first, 'a');
  await t.rejects(broken, { message: 'broken' });
  t.equal(await last, 'c');
});

t.test('a task that a step adds comes after those that wait', async (t) => {
  const { slices, done, task } = setUp();
  let added: Promise<string> | undefined;
  await slices.run(() => {
    added ??= slices.run(task('b', 1, 0));
    done.push('a');
    return true;
  });
  t.equal(await added, 'b');
  t.same(done, ['a', 'b1']);
});
