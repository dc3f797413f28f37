import { once } from 'node:events';
import { connect } from 'node:net';
import { createLocalLimiter } from '@dronecast/auth';
import t, { type Test } from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { until } from '../../../test/support/queue.js';
import { StoreUnavailable } from '../src/store/drone-store.js';
import { buildApi, type TestApi } from './build-api.js';
import { Gate } from './faults.js';
import { openLmdbStore } from './open-lmdb.js';
import { createDatabase, openMongoStore } from './open-mongo.js';
import { type OpenStore, oneTo } from './store-contract/context.js';

/** No change may be refused because the machine is busy. */
const PATIENCE_MS = 20_000;
const URL_ = '/api/v1/drones/bulk';
const sn = (n: number): string => `B-${n}`;
const drones = (count: number) => oneTo(count).map((n) => ({ serialNumber: sn(n) }));

const bulk = ({ call }: Pick<TestApi, 'call'>, payload: object) =>
  call({ method: 'POST', url: URL_, payload });
const nameOf = async ({ call }: TestApi, serialNumber: string) =>
  (await call({ url: `/api/v1/drones/sn/${serialNumber}` })).body.data.drone.deviceName;

async function register({ call }: TestApi, count: number): Promise<void> {
  for (const n of oneTo(count)) {
    const payload = { deviceSerialNumber: sn(n), deviceName: 'Gate', deviceCategory: 'CCTV' };
    await call({ method: 'POST', url: '/api/v1/drones/register', payload });
  }
}

/** An API whose commits wait at a gate, with drones. */
async function holdCommits(t: Test, count: number, options: Parameters<typeof buildApi>[1] = {}) {
  const gate = new Gate();
  const api = await buildApi(t, {
    ...options,
    faults: (store) => ({
      ...store,
      async commit(...commit) {
        await gate.pass();
        return store.commit(...commit);
      },
    }),
  });
  await register(api, count);
  return { ...api, gate };
}

function bulkContract(t: Test, name: string, open: OpenStore): void {
  t.test(`${name}: results in order, each drone its own commit, events and audit line`, async (t) => {
    const { store } = await open(t);
    const api = await buildApi(t, { store, timeoutMs: PATIENCE_MS });
    await register(api, 40);
    await api.audits.take(40);
    await until(() => api.published.length === 40);
    api.published.length = 0;
    const asked = drones(40).reverse();
    const { status, body } = await bulk(api, { drones: asked, patch: { streamIsOn: true } });
    t.equal(status, 200);
    t.equal(body.status, 'success');
    t.same(
      body.data.results,
      asked.map(({ serialNumber }) => ({ serialNumber, status: 200, revision: 2 })),
    );
    await until(() => api.published.length === 80);
    for (const { serialNumber } of asked) {
      const own = api.published.filter((channel) => channel.startsWith(`drone:${serialNumber}:`));
      t.same(own, [`drone:${serialNumber}:updated`, `drone:${serialNumber}:stream`]);
    }
    const audits = await api.audits.take(40);
    t.match(audits[0], { action: 'update', revision: 2, fields: ['streamIsOn'] });
    t.equal(new Set(audits.map(({ serialNumber }) => serialNumber)).size, 40);

    api.published.length = 0;
    const again = await bulk(api, { drones: asked, patch: { streamIsOn: true } });
    t.same(again.body.data.results, body.data.results, 'nothing to change is 200 too');
    t.equal(api.audits.length, 0);
    t.equal(api.published.length, 0);
  });

  t.test(`${name}: each result is what a PATCH alone would have had`, async (t) => {
    const { store } = await open(t);
    const api = await buildApi(t, { store, timeoutMs: PATIENCE_MS });
    await register(api, 3);
    const { status, body } = await bulk(api, {
      drones: [
        { serialNumber: sn(1), revision: 1 },
        { serialNumber: 'NOBODY' },
        { serialNumber: sn(2), revision: 7 },
        { serialNumber: 'no such kind!' },
        { serialNumber: sn(3) },
      ],
      patch: { deviceName: 'Quay' },
    });
    t.equal(status, 200);
    t.same(
      body.data.results.map(({ status }: { status: number }) => status),
      [200, 404, 412, 400, 200],
    );
    t.same(body.data.results[1], {
      serialNumber: 'NOBODY',
      status: 404,
      problem: { code: 'drone_not_found', detail: 'No such drone' },
    });
    t.match(body.data.results[2].problem, { code: 'precondition_failed' });
    t.match(body.data.results[3].problem, {
      code: 'validation_failed',
      errors: [{ pointer: '/drones/3/serialNumber' }],
    });
    t.same(await Promise.all([1, 2, 3].map((n) => nameOf(api, sn(n)))), ['Quay', 'Gate', 'Quay']);
  });
}

bulkContract(t, 'lmdb', openLmdbStore);
if (requiresMongo(t)) {
  t.test('on one server', async (t) => {
    const server = await startMongo(t);
    bulkContract(t, 'mongodb', (t) => openMongoStore(t, createDatabase(t, server.url), PATIENCE_MS));
  });
}

t.test('a body that is wrong is refused whole', async (t) => {
  const api = await buildApi(t);
  await register(api, 2);
  const patch = { deviceName: 'Quay' };
  const cases: [string, object, string[]][] = [
    ['no drones', { drones: [], patch }, ['/drones']],
    ['501 drones', { drones: drones(501), patch }, ['/drones']],
    ['no patch', { drones: drones(1) }, ['/patch']],
    [
      'a wrong patch',
      { drones: drones(1), patch: { streamIsOn: 1, cameras: [2] } },
      ['/patch/streamIsOn', '/patch/cameras/0'],
    ],
    ['a member that cannot be changed', { drones: drones(1), patch: { revision: 3 } }, ['/patch/revision']],
    ['a wrong revision', { drones: [{ serialNumber: 'A', revision: '1' }], patch }, ['/drones/0/revision']],
    ['an unknown member', { drones: drones(1), patch, dryRun: true }, ['/dryRun']],
  ];
  for (const [title, payload, pointers] of cases) {
    const { status, body } = await bulk(api, payload);
    t.equal(status, 400, title);
    t.same(
      body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(),
      [...pointers].sort(),
      title,
    );
  }
  t.equal(await nameOf(api, sn(1)), 'Gate');
  const large = Object.fromEntries([
    ['drones', drones(1)],
    ['patch', { deviceName: 'x'.repeat(270_000) }],
  ]);
  t.match(await bulk(api, large), { status: 413, body: { code: 'body_too_large' } });
});

t.test('a drone that is named twice is changed once', async (t) => {
  const api = await buildApi(t);
  await register(api, 2);
  const named = [{ serialNumber: sn(1) }, { serialNumber: sn(2) }, { serialNumber: sn(1), revision: 2 }];
  const { status, body } = await bulk(api, { drones: named, patch: { streamIsOn: true } });
  t.equal(status, 200);
  t.match(body.data.results, [
    { serialNumber: sn(1), status: 200, revision: 2 },
    { serialNumber: sn(2), status: 200, revision: 2 },
    {
      serialNumber: sn(1),
      status: 400,
      problem: { code: 'validation_failed', errors: [{ pointer: '/drones/2/serialNumber' }] },
    },
  ]);
});

t.test('500 drones with the longest serial numbers fit', async (t) => {
  const api = await buildApi(t);
  const longest = oneTo(500).map((n) => ({ serialNumber: `${n}`.padStart(64, 'A'), revision: 1_000_000 }));
  const patch = {
    metadata: { description: 'x'.repeat(2000) },
    cameras: oneTo(100).map(() => 'c'.repeat(200)),
  };
  const { status, body } = await bulk(api, { drones: longest, patch });
  t.equal(status, 200);
  t.equal(body.data.results.length, 500);
  t.same(new Set(body.data.results.map(({ status }: { status: number }) => status)), new Set([404]));
});

t.test('an error of the patch on one drone points into the body', async (t) => {
  const api = await buildApi(t);
  await register(api, 1);
  const patch = {
    cameras: oneTo(100).map(() => '\u{1F681}'.repeat(200)),
    metadata: { description: '\u{1F681}'.repeat(2000) },
  };
  await bulk(api, { drones: drones(1), patch });
  const replaced = { ...patch, cameras: patch.cameras.map((camera) => `${camera.slice(2)}!`) };
  const { body } = await bulk(api, { drones: drones(1), patch: replaced });
  t.match(body.data.results, [
    { status: 413, problem: { code: 'event_too_large', errors: [{ pointer: '/patch/cameras' }] } },
  ]);
});

t.test('the path is no id', async (t) => {
  const { call } = await buildApi(t);
  for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
    t.match(await call({ method, url: URL_ }), { status: 405, headers: { allow: 'POST' } }, method);
  }
  t.match(await call({ method: 'POST', url: '/api/v1/drones/0123456789abcdef01234567' }), { status: 405 });
});

t.test('each drone counts as a request, and none begins without budget', async (t) => {
  const api = await buildApi(t, { limiter: createLocalLimiter(10) });
  await register(api, 6);
  const { status, body, headers } = await bulk(api, { drones: drones(6), patch: { deviceName: 'Quay' } });
  t.equal(status, 200);
  t.same(
    body.data.results.map(({ status }: { status: number }) => status),
    [200, 200, 200, 200, 429, 429],
    'four are left of ten',
  );
  t.match(body.data.results[4].problem, { code: 'rate_limited', retryAfterSeconds: Number });
  t.match(headers.ratelimit, '"minute";r=0;');
  t.equal(api.audits.length, 6 + 4);
  t.match(await bulk(api, { drones: drones(1), patch: {} }), { status: 429, body: { code: 'rate_limited' } });
});

t.test('what has not begun does not begin when the caller leaves', async (t) => {
  const api = await holdCommits(t, 50);
  api.gate.close();
  await api.audits.take(50);
  const { port } = new URL(await api.app.listen({ host: '127.0.0.1', port: 0 }));
  const body = JSON.stringify({ drones: drones(50), patch: { deviceName: 'Quay' } });
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    `POST ${URL_} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  await until(() => api.gate.arrivals === 16);
  const left = once(socket, 'close');
  socket.destroy();
  await left;
  const connections = () =>
    new Promise((resolve) => api.app.server.getConnections((_, count) => resolve(count)));
  await until(async () => (await connections()) === 0);
  api.gate.open();
  t.same(
    (await api.audits.take(16)).map(({ action }) => action),
    oneTo(16).map(() => 'update'),
    'what was being committed is audited',
  );
  await api.call({ method: 'PATCH', url: `/api/v1/drones/sn/${sn(50)}`, payload: { streamIsOn: true } });
  t.match(await api.audits.next(), { serialNumber: sn(50) });
  t.equal(api.gate.arrivals, 17, 'and no other was begun');
});

t.test('what has not begun does not begin at shutdown, and says so', async (t) => {
  const api = await holdCommits(t, 20);
  api.gate.close();
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  const answer = fetch(`${url}${URL_}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ drones: drones(20), patch: { deviceName: 'Quay' } }),
  });
  await until(() => api.gate.arrivals === 16);
  let isDraining = false;
  api.app.server.once('close', () => {
    isDraining = true;
  });
  const closed = api.app.close();
  await until(async () => isDraining || !api.app.server.listening);
  api.gate.open();
  const { data } = (await (await answer).json()) as {
    data: { results: { status: number; problem?: object }[] };
  };
  t.same(
    data.results.map(({ status }) => status),
    [...oneTo(16).map(() => 200), ...oneTo(4).map(() => 503)],
  );
  t.match(data.results[19], { problem: { code: 'shutting_down', retryAfterSeconds: 1 } });
  await closed;
});

t.test('one change that hangs or fails holds up no other', async (t) => {
  const api = await buildApi(t, {
    timeoutMs: 300,
    faults: (store) => ({
      ...store,
      async commit(snapshot, change) {
        if (change.drone?.deviceSerialNumber === sn(1)) await new Promise(() => {});
        if (change.drone?.deviceSerialNumber === sn(2)) throw new StoreUnavailable('away');
        return store.commit(snapshot, change);
      },
    }),
  });
  await register(api, 30);
  const { body } = await bulk(api, { drones: drones(30), patch: { deviceName: 'Quay' } });
  t.same(
    body.data.results.map(({ status }: { status: number }) => status),
    [503, 503, ...oneTo(28).map(() => 200)],
  );
  t.match(body.data.results[0].problem, { code: 'store_unavailable', retryAfterSeconds: 5 });
});

t.test('calls together have as many changes in progress as one has', async (t) => {
  const api = await holdCommits(t, 60);
  api.gate.close();
  const calls = [0, 20, 40].map((from) =>
    bulk(api, { drones: drones(60).slice(from, from + 20), patch: { deviceName: 'Quay' } }),
  );
  await until(() => api.gate.arrivals === 16);
  const other = api.call({
    method: 'PATCH',
    url: `/api/v1/drones/sn/${sn(60)}`,
    payload: { streamIsOn: true },
  });
  await until(() => api.gate.arrivals === 17);
  api.gate.open();
  for (const { body } of await Promise.all(calls)) {
    t.same(new Set(body.data.results.map(({ status }: { status: number }) => status)), new Set([200]));
  }
  t.equal((await other).status, 200);
});
