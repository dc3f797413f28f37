import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { startProcess } from '../../../test/support/process.js';
import { Queue } from '../../../test/support/queue.js';
import type { Drone } from '../src/frames.js';
import type { Watch } from '../src/watch.js';
import { startDroneApi } from './support/drone-api.js';
import { numbered, startFakeRelay } from './support/fake-relay.js';
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
    const env = { DATA_DIR: t.testdir(), PORT: `${await freePort()}` };
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

t.test('an API that is away is asked again; one that refuses says so', async (t) => {
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
  t.ok(numbered);
});

t.test('what is not followed can not be watched', async (t) => {
  const relay = await startFakeRelay(t);
  const { client } = follow(t, { url: relay.url, sn: 'A', events: ['created', 'updated', 'deleted'] });
  t.throws(() => client.watch('B'), { name: 'RangeError', message: /^to watch B/ });
  client.watch('A').close();
});
