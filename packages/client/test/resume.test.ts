import { createRedisBus } from '@dronecast/bus';
import { CloseCode, droneChannel } from '@dronecast/events';
import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { buildRelay, createBus } from '../../../apps/relay/test/build-relay.js';
import { startProcess } from '../../../test/support/process.js';
import { until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { numbered, startFakeRelay } from './support/fake-relay.js';
import { connectQuickly, follow, range } from './support/follow.js';

const httpUrl = ({ port }: { port: number }): string => `http://127.0.0.1:${port}`;

t.test('events come typed, to listeners and to iterations, with those of other publishers', async (t) => {
  const { port, publish, bus } = await buildRelay(t);
  const { client, reached, numbers } = follow(t, { url: httpUrl({ port }) });
  const items = client[Symbol.asyncIterator]();
  t.equal((await reached('live')).state, 'live');
  for (const kind of ['updated', 'stream', 'system'] as const) await publish('A', kind);
  t.same(await numbers(3), [1, 2, 3]);
  for (const number of [1, 2, 3]) t.match((await items.next()).value, { data: { number } });
  await client.close();
  t.same(await items.next(), { done: true, value: undefined });
  t.equal(client.status.state, 'closed');
  t.ok(bus);
});

t.test('a relay that is killed costs no event', async (t) => {
  if (!requiresRedis(t)) return;
  const redis = await startRedis(t);
  const port = await freePort();
  const env = { REDIS_URL: redis.url, PORT: `${port}` };
  const relay = await startProcess(t, 'apps/relay/dist/server.js', env);
  const bus = createRedisBus({ url: redis.url, log: { info() {}, warn() {} } });
  t.teardown(() => bus.close());
  let seq = 0;
  const publish = async (count: number): Promise<void> => {
    for (let left = count; left > 0; left -= 1) {
      seq += 1;
      const channel = droneChannel('A', 'updated');
      const body = JSON.stringify({ type: 'drone:event', channel, serialNumber: 'A', data: { number: seq } });
      await bus.publish([{ key: 'A', entries: [{ seq, events: [{ channel, body }] }] }]);
    }
  };
  await until(() => bus.isReady());
  const { reached, numbers } = follow(t, { url: relay.url, transport: 'ws' });
  await reached('live');
  await publish(20);
  t.same(await numbers(20), range(1, 20));
  await relay.stop('SIGKILL');
  await reached('offline');
  await publish(20);
  await startProcess(t, 'apps/relay/dist/server.js', env);
  await reached('live');
  await publish(20);
  t.same(await numbers(40), range(21, 60));
});

t.test('a draining relay hands its clients on', async (t) => {
  const bus = createBus();
  const kept = { ...bus, close: async () => {} };
  const first = await buildRelay(t, {}, kept);
  const { reached, numbers, items } = follow(t, { url: httpUrl(first), transport: 'ws' });
  await reached('live');
  await first.publish('A', 'updated');
  t.same(await numbers(1), [1]);
  await first.app.close();
  t.match(await reached('offline'), { error: { message: /^closed with 1012/ } });
  await first.publish('A', 'updated');
  const second = await buildRelay(t, {}, kept);
  await second.app.close();
  t.equal(items.length, 0);
});

t.test('a relay that drains and does not close is left', async (t) => {
  const relay = await startFakeRelay(t);
  const { numbers } = follow(t, { url: relay.url });
  const first = await relay.visits.next();
  first.greet();
  first.say(numbered(5));
  first.say({ type: 'relay', event: 'relay.draining', data: { retryAfterMs: 1 } });
  const second = await relay.visits.next();
  t.equal(second.query.get('since'), 'e.5-0');
  second.greet({ cursor: 'e.5-0', resumed: true });
  second.say(numbered(6));
  t.same(await numbers(2), [5, 6]);
});

t.test('what comes twice is handed on once; another life of the history starts anew', async (t) => {
  const relay = await startFakeRelay(t);
  const { numbers, items } = follow(t, { url: relay.url });
  const first = await relay.visits.next();
  first.greet();
  for (const number of [2, 2, 3, 2, 4]) first.say(numbered(number));
  first.socket.terminate();
  const second = await relay.visits.next();
  t.equal(second.query.get('since'), 'e.4-0');
  second.greet({ cursor: 'e.4-0', resumed: true });
  for (const number of [3, 4, 5]) second.say(numbered(number));
  t.same(await numbers(4), [2, 3, 4, 5]);
  second.say({ type: 'relay', event: 'relay.gap', data: { cursor: 'f.1-0', reason: 'history lost' } });
  for (const number of [1, 2, 3]) second.say(numbered(number, 'f'));
  t.match(await items.next(), { event: 'relay.gap', data: { reason: 'history lost' } });
  t.same(await numbers(2), [2, 3]);
});

t.test('a gap is told in its place, and the client goes on from there', async (t) => {
  const bus = createBus(10);
  const before = await buildRelay(t, {}, { ...bus, close: async () => {} });
  const store = { load: () => 'abc.1-0', save() {} };
  const { items, numbers, client } = follow(t, { url: httpUrl(before), cursor: store });
  const iterator = client[Symbol.asyncIterator]();
  t.match(await items.next(), { event: 'relay.gap', data: { reason: 'history lost' } });
  await before.publish('A', 'updated');
  t.same(await numbers(1), [1]);
  t.match((await iterator.next()).value, { event: 'relay.gap' });
  t.match((await iterator.next()).value, { data: { number: 1 } });
});

t.test('a client that was too slow resumes, a code of the relay says how', async (t) => {
  const relay = await startFakeRelay(t);
  const { reached, numbers } = follow(t, { url: relay.url });
  let number = 1;
  for (const code of [
    CloseCode.SLOW_CONSUMER,
    CloseCode.TRY_AGAIN,
    CloseCode.RESTARTING,
    CloseCode.INTERNAL_ERROR,
    4999,
  ]) {
    const visit = await relay.visits.next();
    t.equal(visit.query.get('since'), number === 1 ? null : `e.${number}-0`);
    visit.greet({ resumed: number > 1 });
    number += 1;
    visit.say(numbered(number));
    t.same(await numbers(1), [number]);
    visit.socket.close(code);
    t.match(await reached('offline'), { error: { message: new RegExp(`${code}`) } });
  }
});

t.test('two intervals of silence are the end of a connection', async (t) => {
  const relay = await startFakeRelay(t);
  const { reached } = follow(t, { url: relay.url });
  const first = await relay.visits.next();
  first.greet({ heartbeatMs: 20 });
  t.match(await reached('offline'), { error: { message: 'the relay fell silent' } });
  const second = await relay.visits.next();
  t.equal(second.query.get('since'), 'e.1-0');
});

t.test('a cursor that is kept outlives the client, and never runs ahead of a reader', async (t) => {
  const { port, publish } = await buildRelay(t);
  const url = httpUrl({ port });
  const saved: string[] = [];
  const cursor = { load: () => saved.at(-1), save: (value: string) => void saved.push(value) };
  const first = connectQuickly({ url, cursor });
  const items = first[Symbol.asyncIterator]();
  await new Promise<void>((resolve) => first.on('status', ({ state }) => state === 'live' && resolve()));
  for (const _ of range(1, 5)) await publish('A', 'updated');
  for (const number of range(1, 3)) t.match((await items.next()).value, { data: { number } });
  await first.close();
  const second = follow(t, { url, cursor });
  t.same(await second.numbers(3), [3, 4, 5], 'the third was taken, and nobody said that it was done');
  await second.client.close();
  const third = follow(t, { url, cursor });
  await third.reached('live');
  await publish('A', 'updated');
  t.same(await third.numbers(1), [6]);
});

t.test('an iteration that is left with events unread leaves the cursor before them', async (t) => {
  const relay = await startFakeRelay(t);
  const saved: string[] = [];
  const client = connectQuickly({
    url: relay.url,
    cursor: { load: () => undefined, save: (value) => void saved.push(value) },
  });
  t.teardown(() => client.close());
  const visit = await relay.visits.next();
  const last = new Promise<void>((resolve) =>
    client.on('event', ({ id }) => {
      if (id === 'e.5-0') resolve();
    }),
  );
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const item of client) {
      await last;
      seen.push(item);
      if (seen.length === 2) break;
    }
  })();
  visit.greet();
  for (const number of [2, 3, 4, 5]) visit.say(numbered(number));
  await reading;
  visit.say(numbered(6));
  await client.close();
  t.equal(saved.at(-1), 'e.3-0');
});

t.test('an iteration that reads too slowly lets the connection go and misses nothing', async (t) => {
  const relay = await startFakeRelay(t);
  const client = connectQuickly({ url: relay.url });
  t.teardown(() => client.close());
  const items = client[Symbol.asyncIterator]();
  const first = await relay.visits.next();
  first.greet();
  for (let number = 2; number <= 11_000; number += 1) first.say(numbered(number));
  await new Promise((resolve) => first.socket.once('close', resolve));
  const take = async (from: number, to: number): Promise<void> => {
    for (const number of range(from, to)) {
      const { value } = await items.next();
      if (value.data.number !== number) t.equal(value.data.number, number);
    }
  };
  await take(2, 1000);
  const second = await relay.visits.next();
  const [, at = ''] = /^e\.(\d+)-0$/.exec(second.query.get('since') ?? '') ?? [];
  t.ok(Number(at) > 9000 && Number(at) < 11_000, `resumes after ${at}`);
  second.greet({ resumed: true });
  for (let number = Number(at) + 1; number <= 11_000; number += 1) second.say(numbered(number));
  await take(1001, 11_000);
});
