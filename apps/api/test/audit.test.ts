import { connect } from 'node:net';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { type DroneStore, OutcomeUnknown, StoreUnavailable } from '../src/store/drone-store.js';
import { buildApi, type TestApi } from './build-api.js';
import { Gate } from './faults.js';

const DRONES = '/api/v1/drones';
const registration = { deviceSerialNumber: 'A-1', deviceName: 'Gate', deviceCategory: 'CCTV' };
const incident = { imageUrl: 'https://images.example/1.jpg', objectBBox: [1, 2, 3, 4] };

/** Every write that commits through the store, with what the audit says of it. */
const WRITES = [
  { action: 'register', method: 'POST', url: `${DRONES}/register`, payload: registration },
  { action: 'update', method: 'PATCH', url: `${DRONES}/sn/A-1`, payload: { streamIsOn: true } },
  { action: 'report', method: 'POST', url: `${DRONES}/sn/A-1/incidents`, payload: incident },
  { action: 'delete', method: 'DELETE', url: `${DRONES}/sn/A-1` },
] as const;

/** A store whose answers to commits can be held up after they are on disk. */
const holding =
  (gate: Gate) =>
  (store: DroneStore): DroneStore => {
    const hold =
      <A extends unknown[], R>(commit: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const result = await commit(...args);
        await gate.pass();
        return result;
      };
    return {
      ...store,
      register: hold(store.register),
      commit: hold(store.commit),
      remove: hold(store.remove),
    };
  };

const actions = async ({ audits }: TestApi, count: number): Promise<string[]> =>
  (await audits.take(count)).map(({ action }) => action);

t.test('a report whose incident cannot be saved after the commit is audited, once', async (t) => {
  let isAway = true;
  const api = await buildApi(t, {
    faults: (store) => ({
      ...store,
      async saveIncidents(incidents) {
        if (isAway) throw new StoreUnavailable('away');
        await store.saveIncidents(incidents);
      },
    }),
  });
  await api.call({ method: 'POST', url: `${DRONES}/register`, payload: registration });
  const report = () =>
    api.call({
      method: 'POST',
      url: `${DRONES}/sn/A-1/incidents`,
      payload: incident,
      headers: { 'idempotency-key': 'k' },
    });
  t.match(await report(), { status: 503, body: { code: 'store_unavailable' } });
  t.same(await actions(api, 2), ['register', 'report']);
  isAway = false;
  t.equal((await report()).status, 201);
  t.equal(api.audits.length, 0, 'a retry is no write');
});

t.test('a write that commits before the deadline and is answered 503 is audited, once', async (t) => {
  const gate = new Gate();
  const api = await buildApi(t, { faults: holding(gate), timeoutMs: 500 });
  for (const { action, ...request } of WRITES) {
    gate.close();
    t.match(await api.call(request), { status: 503, body: { code: 'store_unavailable' } }, action);
    gate.open();
    t.same(await actions(api, 1), [action]);
  }
  t.equal(api.audits.length, 0);
});

t.test('a write that the database does not answer is audited with an unknown outcome', async (t) => {
  const silent = async () => {
    throw new OutcomeUnknown('no answer');
  };
  let isSilent = false;
  const api = await buildApi(t, {
    faults: (store) => ({
      ...store,
      register: (...args) => (isSilent ? silent() : store.register(...args)),
      commit: (...args) => (isSilent ? silent() : store.commit(...args)),
      remove: (...args) => (isSilent ? silent() : store.remove(...args)),
    }),
  });
  await api.call({ method: 'POST', url: `${DRONES}/register`, payload: registration });
  await api.audits.next();
  isSilent = true;
  for (const { action, ...request } of WRITES) {
    t.match(await api.call(request), { status: 503, body: { code: 'store_unavailable' } }, action);
    t.match(await api.audits.next(), { action, serialNumber: 'A-1', outcome: 'unknown' });
  }
  t.equal(api.audits.length, 0);
});

t.test('a write whose caller has gone is audited, once', async (t) => {
  const gate = new Gate();
  const api = await buildApi(t, { faults: holding(gate) });
  const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }));
  for (const { action, method, url, ...request } of WRITES) {
    const body = 'payload' in request ? JSON.stringify(request.payload) : '';
    gate.close();
    const { arrivals } = gate;
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `${method} ${url} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    await until(() => gate.arrivals > arrivals);
    const left = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await left;
    await until(async () => (await connections(api)) === 0);
    gate.open();
    t.same(await actions(api, 1), [action]);
  }
  t.equal(api.audits.length, 0);
});

const connections = ({ app }: TestApi): Promise<number> =>
  new Promise((resolve, reject) => {
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
