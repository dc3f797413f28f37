import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { startProcess } from '../../../test/support/process.js';
import { Queue } from '../../../test/support/queue.js';
import type { Drone } from '../src/frames.js';
import type { Watch, WatchStatus } from '../src/watch.js';
import { type Question, startDroneApi } from './support/drone-api.js';
import { startFakeRelay } from './support/fake-relay.js';
import { follow } from './support/follow.js';

const SERVER = 'apps/standalone/dist/server.js';
const drones = '/api/v1/drones';

const valuesOf = (watch: Watch): Queue<Drone | undefined> => {
  const values = new Queue<Drone | undefined>();
  watch.subscribe((drone) => values.push(drone));
  return values;
};

t.test(
  'a watched drone is what the registry has, through changes, deletion, a new life and a lost history',
  async (t) => {
    const env = { DATA_DIR: testFolder(t), PORT: `${await freePort()}` };
    const first = await startProcess(t, SERVER, env);
    const { url } = first;
    const { client } = follow(t, { url });
    const watch = client.watch('W');
    const values = valuesOf(watch);
    await watch.ready;
    t.equal(watch.value, undefined);
    t.equal(await values.next(), undefined);

    await call(
      url,
      'POST',
      `${drones}/register`,
      registration('W', { streamCredentials: { userName: 'u', password: 'secret' } }),
    );
    t.match(await values.next(), { deviceSerialNumber: 'W', revision: 1 });
    await call(url, 'PATCH', `${drones}/sn/W`, { streamIsOn: true, metadata: { alias: 'w' } });
    t.match(await values.next(), { revision: 2, streamIsOn: true });
    t.notMatch(JSON.stringify(watch.value), /secret|streamCredentials|_id/);
    await call(url, 'DELETE', `${drones}/sn/W`);
    t.equal(await values.next(), undefined);
    await call(url, 'POST', `${drones}/register`, registration('W'));
    t.match(await values.next(), { revision: 1, streamIsOn: false });

    // A standalone that starts anew has lost its history.
    await first.stop();
    await startProcess(t, SERVER, env);
    await call(url, 'PATCH', `${drones}/sn/W`, { streamIsOn: true });
    t.match(await values.find((drone) => drone?.streamIsOn === true), { revision: 2 });

    const late = client.watch('W');
    await late.ready;
    t.same(late.value, watch.value);
  },
);

t.test('events that overtake or trail the answer of the API change nothing that is right', async (t) => {
  const relay = await startFakeRelay(t);
  const api = await startDroneApi(t);
  const { client } = follow(t, { url: relay.url, api: api.url });
  const watch = client.watch('A');
  const values = valuesOf(watch);
  const visit = await relay.visits.next();
  visit.greet();
  const first = await api.asked.next();
  // A change while the answer is on its way: whether it is in there, nobody knows.
  visit.say(api.event('updated', 'x', 3));
  first.answer({ id: 'x', revision: 2 });
  t.match(await values.next(), { id: 'x', revision: 2 });
  (await api.asked.next()).answer({ id: 'x', revision: 3 });
  t.match(await values.next(), { id: 'x', revision: 3 });
  visit.say(api.event('updated', 'x', 2));
  visit.say(api.event('updated', 'x', 4));
  t.match(await values.next(), { revision: 4 }, 'an old one is nothing new');

  // A new life, read while the old one's answer is late.
  visit.say({ type: 'relay', event: 'relay.gap', data: { cursor: 'e.1-0', reason: 'history lost' } });
  const late = await api.asked.next();
  visit.say(api.event('deleted', 'x', 5));
  t.equal(await values.next(), undefined);
  visit.say(api.event('created', 'y', 1));
  late.answer({ id: 'x', revision: 4 });
  (await api.asked.next()).answer({ id: 'y', revision: 1 });
  t.match(await values.next(), { id: 'y', revision: 1 }, 'the dead do not come back');
  visit.say(api.event('updated', 'x', 9));
  visit.say(api.event('updated', 'y', 2));
  t.match(await values.next(), { id: 'y', revision: 2 });
  t.equal(values.length, 0);
});

t.test('a copy that could not be read is stale, says why, and is read until it is fresh', async (t) => {
  const relay = await startFakeRelay(t);
  const api = await startDroneApi(t);
  const { client, warnings } = follow(
    t,
    { url: relay.url, api: api.url, token: async () => 'x' },
    { greetingMs: 200 },
  );
  const watch = client.watch('A');
  const states = new Queue<WatchStatus>();
  watch.onStatus((status) => states.push(status));
  const visit = await relay.visits.next();
  visit.greet();
  t.equal((await states.next()).state, 'reading');
  (await api.asked.next()).answer({ id: 'x', revision: 1 });
  await watch.ready;
  t.match(await states.next(), { state: 'fresh' });

  const ways: [fail: (question: Question) => void, error: object][] = [
    [({ refuse }) => refuse(503), { name: 'ConnectionError', message: 'refused with 503' }],
    [({ refuse }) => refuse(429), { name: 'ConnectionError', message: 'refused with 429' }],
    [({ refuse }) => refuse(401), { name: 'RefusedError', code: 401 }],
    [({ refuse }) => refuse(403), { name: 'RefusedError', code: 403 }],
    [({ refuse }) => refuse(400), { name: 'RefusedError', code: 400 }],
    [({ reset }) => reset(), {}],
    [() => {}, { message: /did not answer|timeout/ }],
    [({ send }) => send(200, {}), {}],
    [({ send }) => send(200, 'no JSON'), {}],
  ];
  let revision = 1;
  for (const [fail, error] of ways) {
    revision += 1;
    visit.say({ type: 'relay', event: 'relay.gap', data: { cursor: 'e.1-0', reason: 'history lost' } });
    fail(await api.asked.next());
    t.match(await states.find(({ state }) => state === 'stale'), { error, retryInMs: Number });
    t.match(await warnings.next(), error);
    t.equal(watch.value?.revision, revision - 1, 'what was right last stays');
    (await api.asked.next()).answer({ id: 'x', revision });
    await states.find(({ state }) => state === 'fresh');
    t.equal(watch.value?.revision, revision, `after ${JSON.stringify(error)}`);
  }
  t.equal(watch.status.state, 'fresh');
});

t.test('an API that asks to wait is asked later', async (t) => {
  const relay = await startFakeRelay(t);
  const api = await startDroneApi(t);
  const { client } = follow(t, { url: relay.url, api: api.url });
  const watch = client.watch('A');
  const states = new Queue<WatchStatus>();
  watch.onStatus((status) => states.push(status));
  (await relay.visits.next()).greet();
  (await api.asked.next()).send(429, { detail: 'too many' }, { 'retry-after': '7' });
  const stale = await states.find(({ state }) => state === 'stale');
  t.ok(stale.state === 'stale' && stale.retryInMs >= 7000 && stale.retryInMs < 7100);
});

t.test('a read that is refused is told to who waits, and tried again', async (t) => {
  const relay = await startFakeRelay(t);
  const api = await startDroneApi(t);
  const { client, warnings } = follow(t, { url: relay.url, api: api.url });
  const watch = client.watch('A');
  (await relay.visits.next()).greet();
  (await api.asked.next()).refuse(503);
  t.match(await warnings.next(), { name: 'ConnectionError', message: 'refused with 503' });
  (await api.asked.next()).answer({ id: 'x', revision: 1 });
  await watch.ready;
  t.match(watch.value, { revision: 1 });
  const forbidden = client.watch('B');
  (await api.asked.next()).refuse(403);
  await t.rejects(forbidden.ready, { name: 'RefusedError', code: 403 });
  (await api.asked.next()).answer({ id: 'y', revision: 4 });
  const values = valuesOf(forbidden);
  t.match(await values.next(), { revision: 4 }, 'the rights have changed');
});

t.test('a listener of a watch that throws loses nobody an event', async (t) => {
  const relay = await startFakeRelay(t);
  const api = await startDroneApi(t);
  const { client, items, warnings } = follow(t, { url: relay.url, api: api.url });
  const watch = client.watch('A');
  const visit = await relay.visits.next();
  visit.greet();
  (await api.asked.next()).answer({ id: 'x', revision: 1 });
  await watch.ready;
  watch.subscribe(() => {
    throw new Error('thrown');
  });
  const values = valuesOf(watch);
  t.match(await values.next(), { revision: 1 });
  visit.say(api.event('updated', 'x', 2));
  t.match(await values.next(), { revision: 2 });
  t.match(await items.next(), { revision: 2 });
  t.same(
    (await warnings.take(2)).map(({ message }) => message),
    ['thrown', 'thrown'],
  );
  t.equal(relay.visits.length, 0);
});

t.test('what is not followed can not be watched', async (t) => {
  const relay = await startFakeRelay(t);
  const { client } = follow(t, { url: relay.url, sn: 'A', events: ['created', 'updated', 'deleted'] });
  t.throws(() => client.watch('B'), { name: 'RangeError', message: /^to watch B/ });
  client.watch('A').close();
});
