import { createHash } from 'node:crypto';
import { type AuthOptions, SCOPES, signToken } from '@dronecast/auth';
import { STREAM_START } from '@dronecast/events';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { incidentEvents } from '../src/drone/drone-events.js';
import type { DroneStore } from '../src/store/drone-store.js';
import { buildApi, type TestApi, type TestApiOptions } from './build-api.js';
import { Gate } from './faults.js';
import { sampleIncident } from './samples.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const AUTH: AuthOptions = { mode: 'secret', secret: SECRET, issuer: undefined, audience: undefined };
const DRONES = '/api/v1/drones';
const DAY_MS = 24 * 3_600_000;
const registration = { deviceSerialNumber: 'I-1', deviceName: 'Gate', deviceCategory: 'CCTV' };

async function headersOf(sub: string, key?: string): Promise<Record<string, string>> {
  const token = await signToken({ sub, scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 60 }, SECRET);
  return { authorization: `Bearer ${token}`, ...(key && { 'idempotency-key': key }) };
}

/** Requests of callers with a subject and perhaps a key. */
async function start(t: Test, options: Partial<TestApiOptions> = {}) {
  const api = await buildApi(t, { auth: AUTH, ...options });
  const post = (url: string) => async (sub: string, key: string | undefined, payload: object) =>
    api.call({ method: 'POST', url, payload, headers: await headersOf(sub, key) });
  return {
    ...api,
    register: post(`${DRONES}/register`),
    broadcast: post('/api/v1/system/broadcast'),
    report: post(`${DRONES}/sn/I-1/incidents`),
    async send(method: 'PATCH' | 'DELETE', payload?: object) {
      return api.call({
        method,
        url: `${DRONES}/sn/I-1`,
        headers: await headersOf('ops'),
        ...(payload && { payload }),
      });
    },
  };
}

const eventsOf = async ({ bus }: Pick<TestApi, 'bus'>): Promise<string[]> =>
  (await bus.read(STREAM_START, 1000)).events.map(({ frame }) => JSON.parse(frame.toString()).event);

t.test('the same registration with the same key answers the drone as it is now', async (t) => {
  const api = await start(t);
  const first = await api.register('ops', 'k', registration);
  t.equal(first.status, 201);
  await api.send('PATCH', { streamIsOn: true });
  const reordered = Object.fromEntries(Object.entries(registration).reverse());
  for (const body of [registration, reordered]) {
    const retry = await api.register('ops', 'k', body);
    t.equal(retry.status, 201);
    t.equal(retry.headers.location, first.headers.location);
    const { drone } = retry.body.data;
    t.equal(retry.headers.etag, `"${drone.id}-2"`);
    t.match(drone, { id: first.body.data.drone.id, streamIsOn: true, revision: 2 });
    t.notMatch(JSON.stringify(retry.body), /"(?:registration|hash|key|subject)"/);
  }
  t.same(
    (await api.audits.take(2)).map(({ action }) => action),
    ['register', 'update'],
  );
  t.equal(api.audits.length, 0, 'a retry is no write');
  const events = ['drone.created', 'drone.updated', 'drone.stream.status'];
  await until(async () => (await eventsOf(api)).length >= events.length);
  t.same(await eventsOf(api), events);
});

t.test(
  'another body with the same key is refused, and any other key finds the serial number taken',
  async (t) => {
    const { register } = await start(t);
    t.equal((await register('ops', 'k', registration)).status, 201);
    t.match(await register('ops', 'k', { ...registration, deviceName: 'Other' }), {
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    const taken = { status: 409, body: { code: 'serial_number_taken' } };
    t.match(await register('ops', undefined, registration), taken);
    t.match(await register('ops', 'other', registration), taken);
    const [stranger, nobody] = [
      await register('stranger', 'k', registration),
      await register('stranger', 'x', registration),
    ];
    t.match(stranger, taken);
    t.same(
      { ...stranger.body, requestId: '' },
      { ...nobody.body, requestId: '' },
      'who guesses the key of another caller learns nothing',
    );
    t.match(await register('stranger', 'k', { ...registration, deviceName: 'Other' }), taken);
    t.match(await register('ops', '', registration), { status: 409 }, 'no header');
    t.match(await register('ops', 'x'.repeat(256), registration), {
      status: 400,
      body: { errors: [{ pointer: '/idempotency-key' }] },
    });
  },
);

t.test('a key is forgotten with its drone', async (t) => {
  const { register, send } = await start(t);
  const ids = new Set<string>();
  for (let n = 0; n < 2; n += 1) {
    const { status, body } = await register('ops', 'k', registration);
    t.equal(status, 201);
    ids.add(body.data.drone.id);
    t.equal((await send('DELETE')).status, 204);
  }
  t.equal(ids.size, 2);
  t.equal((await register('other', undefined, registration)).status, 201);
  t.equal((await register('ops', 'k', registration)).status, 409);
});

t.test('a key is forgotten after a day', async (t) => {
  let age = 0;
  const { register } = await start(t, {
    faults: (store) => ({
      ...store,
      register: (drone, events, signal, request) =>
        store.register(
          drone,
          events,
          signal,
          request && { ...request, at: new Date(request.at.getTime() - age) },
        ),
    }),
  });
  age = DAY_MS - 60_000;
  t.equal((await register('ops', 'k', registration)).status, 201);
  t.equal((await register('ops', 'k', registration)).status, 201);
  const another = { ...registration, deviceSerialNumber: 'I-2' };
  age = DAY_MS;
  t.equal((await register('ops', 'k', another)).status, 201, 'one key may register several drones');
  t.equal((await register('ops', 'k', another)).status, 409);
});

t.test('a retry that overtakes its first attempt, or meets a deletion, is no conflict', async (t) => {
  const gate = new Gate();
  const found = new Gate();
  let store: DroneStore | undefined;
  const api = await start(t, {
    faults: (plain) => {
      store = plain;
      return {
        ...plain,
        async register(...args) {
          await gate.pass();
          return plain.register(...args);
        },
        async find(key) {
          await found.pass();
          return plain.find(key);
        },
      };
    },
  });
  gate.close();
  const attempts = Promise.all(Array.from({ length: 5 }, () => api.register('ops', 'k', registration)));
  gate.open();
  const answers = await attempts;
  t.same(new Set(answers.map(({ status }) => status)), new Set([201]));
  t.equal(new Set(answers.map(({ body }) => body.data.drone.id)).size, 1);
  t.equal((await api.audits.take(1))[0]?.action, 'register');
  t.equal(api.audits.length, 0);

  found.close();
  const { arrivals } = found;
  const late = api.register('ops', 'k', registration);
  while (found.arrivals === arrivals) await new Promise(setImmediate);
  const snapshot = await store?.find({ serialNumber: 'I-1' });
  if (snapshot) await store?.remove(snapshot, []);
  found.open();
  const { status, body } = await late;
  t.equal(status, 201);
  t.not(body.data.drone.id, snapshot?.drone.id, 'registered anew');
});

t.test('a broadcast with a key is published once', async (t) => {
  const api = await start(t);
  const { broadcast } = api;
  const body = { message: 'storm', level: 'warning' };
  const answers = await Promise.all(Array.from({ length: 5 }, () => broadcast('ops', 'k', body)));
  for (const answer of answers) t.match(answer, { status: 202, body: { data: { broadcast: body } } });
  t.same(await eventsOf(api), ['system.broadcast']);
  t.equal(api.audits.length, 1);
  t.match(await api.audits.next(), { action: 'broadcast', subject: 'ops' });

  const { epoch } = await api.bus.read(STREAM_START, 0);
  t.match(await broadcast('ops', 'k', { ...body, level: 'info' }), {
    status: 422,
    body: { code: 'idempotency_key_reused' },
  });
  t.equal((await broadcast('stranger', 'k', { ...body, level: 'info' })).status, 202);
  t.equal((await broadcast('ops', 'other', body)).status, 202);
  for (let n = 0; n < 2; n += 1) t.equal((await broadcast('ops', undefined, body)).status, 202);
  t.equal((await eventsOf(api)).length, 5);
  t.equal(api.audits.length, 4);
  t.equal((await api.bus.read(STREAM_START, 0)).epoch, epoch, 'no epoch has begun');
});

t.test('a refused broadcast does not use up its key', async (t) => {
  const { broadcast } = await start(t);
  const tooLarge = { message: 'storm', level: 'info', data: { text: '"'.repeat(100_000) } };
  t.equal((await broadcast('ops', 'k', tooLarge)).status, 413);
  t.equal((await broadcast('ops', 'k', { message: 'storm', level: 'info' })).status, 202);
});

t.test('detectors with the same key do not meet', async (t) => {
  const { register, report } = await start(t);
  await register('ops', undefined, registration);
  const seen = { imageUrl: 'https://images.example/1.jpg', objectBBox: [1, 2, 3, 4] };
  const first = await report('detector-1', '1', seen);
  const other = await report('detector-2', '1', seen);
  t.same([first.status, other.status], [201, 201]);
  t.not(other.body.data.incident.id, first.body.data.incident.id, 'the same report is another incident');
  t.equal((await report('detector-3', '1', { ...seen, classId: 2 })).status, 201);
  t.same((await report('detector-1', '1', seen)).body, first.body);
  t.equal((await report('detector-1', '1', { ...seen, classId: 2 })).status, 422);
});

t.test('a retry of a report that an earlier version took finds its incident', async (t) => {
  let store: DroneStore | undefined;
  const { register, report, audits } = await start(t, {
    faults: (plain) => {
      store = plain;
      return plain;
    },
  });
  const { id: droneId } = (await register('ops', undefined, registration)).body.data.drone;
  const snapshot = await store?.find({ serialNumber: 'I-1' });
  if (!snapshot || !store) throw new Error('nothing registered');
  const id = createHash('sha256').update(`${droneId}\n7`).digest('hex').slice(0, 24);
  const incident = sampleIncident('I-1', { id });
  await store.commit(snapshot, { incident, events: incidentEvents(snapshot.drone, incident, 'ops') });
  await audits.next();

  const { imageUrl, objectBBox, capturedAt } = incident;
  const retry = await report('detector', '7', { imageUrl, objectBBox, capturedAt });
  t.match(retry, { status: 201, body: { data: { incident } } });
  t.equal(audits.length, 0);
  const other = await report('another', '7', { imageUrl, objectBBox, capturedAt, classId: 2 });
  t.equal(other.status, 201, 'the report of another caller is its own');
  t.not(other.body.data.incident.id, id);
});
