import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { Queue, until } from '../../../test/support/queue.js';
import { type DroneStore, OutcomeUnknown, StoreUnavailable } from '../src/store/drone-store.js';
import { buildApi, type TestApi } from './build-api.js';
import { Gate } from './faults.js';
import { oneTo } from './store-contract/context.js';

const DRONE = '/api/v1/drones/sn/W-1';
const patch = (deviceName: string) => ({ method: 'PATCH', url: DRONE, payload: { deviceName } }) as const;

/** An API with one drone, whose store reads drones only while the gate is open. */
async function setUp(t: Test, { isAway = (): boolean => false, timeoutMs = 60_000 } = {}) {
  const gate = new Gate();
  let hasBegun = false;
  const faults = (store: DroneStore): DroneStore => ({
    ...store,
    async find(key) {
      if (hasBegun) await gate.pass();
      if (isAway()) throw new StoreUnavailable('away');
      return store.find(key);
    },
  });
  const api = await buildApi(t, { faults, timeoutMs });
  const payload = { deviceSerialNumber: 'W-1', deviceName: 'first', deviceCategory: 'DRONE' };
  await api.call({ method: 'POST', url: '/api/v1/drones/register', payload });
  hasBegun = true;
  gate.close();
  return { ...api, gate };
}

const statusOf = async ({ call }: TestApi, options: Parameters<TestApi['call']>[0]): Promise<string> => {
  const { status, body, headers } = await call(options);
  return status < 300 ? `${status}` : `${status} ${body.code} ${headers['retry-after']}`;
};

t.test('of 150 concurrent changes of one drone, 49 are refused at once and 101 are made', async (t) => {
  const api = await setUp(t);
  const answers: string[] = [];
  const all = oneTo(150).map(async (i) => void answers.push(await statusOf(api, patch(`${i}`))));
  await until(() => answers.length === 49);
  t.same(new Set(answers), new Set(['503 contended 1']));
  api.gate.open();
  await Promise.all(all);
  t.equal(answers.filter((answer) => answer === '200').length, 101);
  t.equal((await api.call({ url: DRONE })).body.data.drone.revision, 102);
});

t.test(
  'when the database does not answer a commit, what waits behind it has not begun and is not audited',
  async (t) => {
    const gate = new Gate();
    gate.close();
    const faults = (store: DroneStore): DroneStore => ({
      ...store,
      async commit() {
        await gate.pass();
        throw new OutcomeUnknown('no answer');
      },
    });
    const api = await buildApi(t, { faults });
    const payload = { deviceSerialNumber: 'W-1', deviceName: 'first', deviceCategory: 'DRONE' };
    await api.call({ method: 'POST', url: '/api/v1/drones/register', payload });
    await api.audits.next();
    const all = Promise.all(oneTo(3).map((i) => statusOf(api, patch(`${i}`))));
    await until(() => gate.arrivals === 1);
    gate.open();
    t.same(
      await all,
      oneTo(3).map(() => '503 store_unavailable 5'),
    );
    t.match(await api.audits.next(), { action: 'update', outcome: 'unknown' });
    t.equal(api.audits.length, 0);
  },
);

t.test('while the database is unavailable, all changes that wait for a drone fail together', async (t) => {
  let isAway = true;
  const api = await setUp(t, { isAway: () => isAway });
  const all = Promise.all(oneTo(50).map((i) => statusOf(api, patch(`${i}`))));
  await until(() => api.gate.arrivals === 1);
  api.gate.open();
  t.same(new Set(await all), new Set(['503 store_unavailable 5']));
  t.equal(api.gate.arrivals, 1, 'one query for all of them');
  isAway = false;
  t.equal(await statusOf(api, patch('later')), '200');
});

t.test('every request is answered in time when the store hangs', async (t) => {
  const api = await setUp(t, { timeoutMs: 50 });
  const incident = { imageUrl: 'https://images.example.com/1.jpg', objectBBox: [0, 0, 1, 1] };
  const requests = [
    { url: DRONE },
    patch('a'),
    { method: 'DELETE', url: DRONE },
    { method: 'POST', url: `${DRONE}/incidents`, payload: incident },
  ] as const;
  for (const options of requests) t.match(await statusOf(api, options), /^503 (store_unavailable|contended)/);
  api.gate.open();
  await until(async () => (await api.call({ url: DRONE })).status === 200);
  t.match(
    (await api.call(patch('b'))).body.data.drone,
    { revision: 2, deviceName: 'b' },
    'refused changes are not made later',
  );
});

t.test('a waiting change is dropped when its caller closes the connection', async (t) => {
  const { app, call, gate } = await setUp(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const [received, closed] = [new Queue<true>(), new Queue<true>()];
  app.server.on('request', (incoming: IncomingMessage) => incoming.on('end', () => received.push(true)));
  app.server.on('connection', (socket) => socket.on('close', () => closed.push(true)));

  const first = call(patch('first in line'));
  await until(() => gate.arrivals === 1);
  const headers = { 'content-type': 'application/json' };
  const gone = request({ port, path: DRONE, method: 'PATCH', headers });
  gone.on('error', () => {});
  gone.end(JSON.stringify({ deviceName: 'nobody waits' }));
  await received.next();
  gone.destroy();
  await closed.next();
  gate.open();
  t.equal((await first).status, 200);
  t.match((await call(patch('last'))).body.data.drone, { revision: 3, deviceName: 'last' });
});
