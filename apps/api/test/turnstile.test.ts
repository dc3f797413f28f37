import t from 'tap';
import { createTurnstile, type TurnstileOptions } from '../src/service/turnstile.js';
import { Gate } from './faults.js';
import { oneTo } from './store-contract/context.js';

const refusal = new Error('refused');
const outage = new Error('away');
const { signal } = new AbortController();

function setUp(options: Partial<TurnstileOptions> = {}) {
  const pass = createTurnstile({
    maxWaiting: 3,
    patienceMs: 60_000,
    refusal: () => refusal,
    commonError: (error) => (error === outage ? outage : undefined),
    ...options,
  });
  const begun: string[] = [];
  const gate = new Gate();
  gate.close();
  /** A task that ends when the gate opens. */
  const go = (name: string, { key = 'A', given = signal, error = undefined as Error | undefined } = {}) =>
    pass(key, given, async () => {
      begun.push(name);
      await gate.pass();
      if (error) throw error;
      return name;
    });
  return { pass, begun, gate, go };
}

t.test('runs one task of a key at a time, in order of arrival; other keys do not wait', async (t) => {
  const { begun, gate, go } = setUp();
  const tasks = [go('a'), go('b'), go('c'), go('other', { key: 'B' })];
  t.same(begun, ['a', 'other']);
  gate.open();
  t.same(await Promise.all(tasks), ['a', 'b', 'c', 'other']);
  t.same(begun, ['a', 'other', 'b', 'c']);
});

t.test('runs `width` tasks at a time', async (t) => {
  const { begun, gate, go } = setUp({ width: 2 });
  const tasks = oneTo(5).map((i) => go(`${i}`));
  t.same(begun, ['1', '2']);
  gate.open();
  await Promise.all(tasks);
  t.same(begun, ['1', '2', '3', '4', '5']);
});

t.test('refuses a task at once when the queue is full', async (t) => {
  const { begun, gate, go } = setUp();
  const tasks = oneTo(4).map((i) => go(`${i}`));
  await t.rejects(go('5'), refusal);
  await t.rejects(go('6'), refusal);
  gate.open();
  await Promise.all(tasks);
  t.same(begun, ['1', '2', '3', '4']);
  await t.resolves(go('7'), 'there is room again');
});

t.test('a failing task does not fail the others', async (t) => {
  const { gate, go } = setUp();
  const failure = new Error('my own');
  const [first, second] = [go('a', { error: failure }), go('b')];
  gate.open();
  await t.rejects(first, failure);
  t.equal(await second, 'b');
});

t.test('a common failure fails all waiting tasks of the key, and they never start', async (t) => {
  const { begun, gate, go } = setUp();
  const tasks = [go('a', { error: outage }), go('b'), go('c')];
  const other = go('other', { key: 'B' });
  gate.open();
  for (const task of tasks) await t.rejects(task, outage);
  t.equal(await other, 'other');
  t.same(begun, ['a', 'other']);
  t.equal(await go('d'), 'd', 'a later task runs');
});

t.test('refuses a task that has waited too long, and never starts it', async (t) => {
  const { begun, gate, go } = setUp({ patienceMs: 20 });
  const [first, second] = [go('a'), go('b')];
  await t.rejects(second, refusal);
  gate.open();
  t.equal(await first, 'a');
  t.equal(await go('c'), 'c');
  t.same(begun, ['a', 'c']);
});

t.test('an aborted task in the queue never starts; an aborted running task goes on', async (t) => {
  const { begun, gate, go } = setUp();
  const reason = new Error('gone');
  const [running, waiting] = [new AbortController(), new AbortController()];
  const tasks = [go('a', { given: running.signal }), go('b', { given: waiting.signal }), go('c')];
  for (const controller of [running, waiting]) controller.abort(reason);
  await t.rejects(tasks[1] as Promise<string>, reason);
  gate.open();
  t.same([await tasks[0], await tasks[2]], ['a', 'c']);
  t.same(begun, ['a', 'c']);
  await t.rejects(go('d', { given: AbortSignal.abort(reason) }), reason);
  t.same(begun, ['a', 'c']);
});
