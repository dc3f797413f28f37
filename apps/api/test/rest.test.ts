import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import t from 'tap';
import { DroneView, Success, SuccessList } from '../src/routes/schemas.js';
import { buildApi } from './build-api.js';

const BASE = '/api/v1/drones';
const registration = (deviceSerialNumber: string, more: object = {}) => ({
  deviceSerialNumber,
  deviceName: `Device ${deviceSerialNumber}`,
  deviceCategory: 'Drone',
  ...more,
});

t.test('a registration answers the drone, its place and its revision', async (t) => {
  const { call } = await buildApi(t);
  const answer = await call({ method: 'POST', url: `${BASE}/register`, payload: registration('R-1') });
  const { drone } = answer.body.data;
  t.equal(answer.status, 201);
  t.ok(Value.Check(Success({ drone: DroneView }), answer.body), 'as documented');
  t.equal(answer.headers.location, `${BASE}/${drone.id}`);
  t.equal(answer.headers.etag, `"${drone.id}-1"`);
  t.match(drone, {
    _id: drone.id,
    deviceSerialNumber: 'R-1',
    deviceCategory: 'DRONE',
    metadata: { alias: '', description: '' },
    isUsingAiDetection: false,
    streamIsOn: false,
    streamUrl: '',
    webRTCUrl: '',
    cameras: [],
    detectionClasses: [],
    revision: 1,
    createdAt: drone.updatedAt,
  });
  t.match((await call({ url: answer.headers.location as string })).body.data.drone, {
    streamCredentials: { userName: '', password: '', port: '8554' },
  });
});

t.test('secrets are shown with a single drone only', async (t) => {
  const { call } = await buildApi(t);
  const secret = registration('S-1', {
    streamUrl: 'rtsp://cam:hush1@10.0.0.1:554/a',
    webRTCUrl: 'https://cam:hush2@10.0.0.1/b?x=1@2',
    streamCredentials: { userName: 'cam', password: 'hush3', port: 554 },
  });
  const created = await call({ method: 'POST', url: `${BASE}/register`, payload: secret });
  const patched = await call({ method: 'PATCH', url: `${BASE}/sn/S-1`, payload: { streamIsOn: true } });
  const listed = await call({ url: BASE });
  for (const { body } of [created, patched, listed]) t.notMatch(JSON.stringify(body), /hush/);
  t.match(listed.body.data.drones[0], {
    streamUrl: 'rtsp://***@10.0.0.1:554/a',
    webRTCUrl: 'https://***@10.0.0.1/b?x=1@2',
    streamCredentials: { userName: 'cam', port: '554' },
  });
  t.match((await call({ url: `${BASE}/sn/S-1` })).body.data.drone, {
    streamUrl: 'rtsp://cam:hush1@10.0.0.1:554/a',
    streamCredentials: { password: 'hush3' },
  });
});

t.test('conditional requests', async (t) => {
  const { call } = await buildApi(t);
  const created = await call({ method: 'POST', url: `${BASE}/register`, payload: registration('C-1') });
  const etag = created.headers.etag as string;
  const url = `${BASE}/sn/C-1`;
  t.equal((await call({ url, headers: { 'if-none-match': etag } })).status, 304);
  t.equal((await call({ url, headers: { 'if-none-match': `"x", W/${etag}` } })).status, 304);
  t.equal((await call({ url, headers: { 'if-none-match': '"x"' } })).status, 200);
  const payload = { streamIsOn: true };
  const first = await call({ method: 'PATCH', url, payload, headers: { 'if-match': `"x", ${etag}` } });
  t.equal(first.status, 200);
  t.equal((await call({ method: 'PATCH', url, payload, headers: { 'if-match': etag } })).status, 412);
  t.equal((await call({ method: 'DELETE', url, headers: { 'if-match': '*' } })).status, 204);
});

t.test('a PATCH that changes nothing is no event and no revision', async (t) => {
  const { call, published } = await buildApi(t);
  await call({ method: 'POST', url: `${BASE}/register`, payload: registration('N-1', { cameras: ['a'] }) });
  const before = published.length;
  for (const payload of [
    {},
    { streamIsOn: false },
    { cameras: ['a'] },
    { metadata: null },
    { deviceCategory: 'drone' },
  ]) {
    const answer = await call({ method: 'PATCH', url: `${BASE}/sn/N-1`, payload });
    t.equal(answer.status, 200);
    t.equal(answer.body.data.drone.revision, 1, JSON.stringify(payload));
  }
  t.equal(published.length, before);
});

t.test('null resets an optional field', async (t) => {
  const { call } = await buildApi(t);
  const payload = registration('Z-1', {
    metadata: { alias: 'a', description: 'b' },
    cameras: ['c'],
    streamUrl: 'rtsp://x/',
  });
  await call({ method: 'POST', url: `${BASE}/register`, payload });
  const patch = { metadata: { alias: null }, cameras: null, streamUrl: null };
  const { drone } = (await call({ method: 'PATCH', url: `${BASE}/sn/Z-1`, payload: patch })).body.data;
  t.match(drone, { metadata: { alias: '', description: 'b' }, cameras: [], streamUrl: '', revision: 2 });
});

t.test('the list filters, and pages in order of serial number', async (t) => {
  const { call } = await buildApi(t);
  for (let n = 1; n <= 5; n += 1) {
    const more = {
      deviceCategory: n % 2 ? 'CCTV' : 'body cam',
      streamIsOn: n > 3,
      metadata: { alias: `Gate ${n}` },
    };
    await call({ method: 'POST', url: `${BASE}/register`, payload: registration(`L-${n}`, more) });
  }
  const serials = async (query: string) => {
    const { body } = await call({ url: `${BASE}?${query}` });
    return body.data.drones.map((drone: { deviceSerialNumber: string }) => drone.deviceSerialNumber);
  };
  const list = SuccessList({ drones: Type.Array(DroneView) });
  t.ok(Value.Check(list, (await call({ url: BASE })).body), 'as documented');
  t.same(await serials('category=cctv'), ['L-1', 'L-3', 'L-5']);
  t.same(await serials('category=Body%20Cam&streamIsOn=false'), ['L-2']);
  t.same(await serials('isUsingAiDetection=true'), []);
  t.same(await serials('q=l-3'), ['L-3']);
  t.same(await serials('q=gate%204'), ['L-4']);
  const seen: string[] = [];
  let url: string | undefined = `${BASE}?limit=2`;
  while (url) {
    const { body, headers } = await call({ url });
    seen.push(...body.data.drones.map((drone: { deviceSerialNumber: string }) => drone.deviceSerialNumber));
    t.equal(body.results, body.data.drones.length);
    t.equal(Boolean(body.nextCursor), Boolean(headers.link));
    url = /^<(.+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1];
  }
  t.same(seen, ['L-1', 'L-2', 'L-3', 'L-4', 'L-5']);
});

t.test('a deleted serial number is free again, under another id', async (t) => {
  const { call, published } = await buildApi(t);
  const first = (await call({ method: 'POST', url: `${BASE}/register`, payload: registration('D-1') })).body
    .data.drone;
  t.equal(
    (
      await call({
        method: 'DELETE',
        url: `${BASE}/${first.id}`,
        headers: { 'content-type': 'application/json' },
      })
    ).status,
    204,
  );
  t.equal((await call({ url: `${BASE}/${first.id}` })).status, 404);
  const second = (await call({ method: 'POST', url: `${BASE}/register`, payload: registration('D-1') })).body
    .data.drone;
  t.not(second.id, first.id);
  t.equal(second.revision, 1);
  t.same(
    published.filter((channel) => channel.startsWith('drone:D-1:')),
    ['drone:D-1:created', 'drone:D-1:deleted', 'drone:D-1:created'],
  );
});

t.test('incidents are kept apart, newest first, and outlive their drone', async (t) => {
  const { call, published } = await buildApi(t);
  await call({ method: 'POST', url: `${BASE}/register`, payload: registration('I-1') });
  await call({ method: 'POST', url: `${BASE}/register`, payload: registration('I-2') });
  const report = (sn: string, capturedAt: string, key?: string) =>
    call({
      method: 'POST',
      url: `${BASE}/sn/${sn}/incidents`,
      payload: { imageUrl: 'https://images.example/1.jpg', objectBBox: [1, 2, 3, 4], classId: 2, capturedAt },
      ...(key && { headers: { 'idempotency-key': key } }),
    });
  t.equal(
    (await report('I-1', '2026-01-01T10:00:00+02:00')).body.data.incident.capturedAt,
    '2026-01-01T08:00:00.000Z',
  );
  await report('I-1', '2026-01-01T12:00:00Z');
  await report('I-2', '2026-01-01T11:00:00Z');
  const times = async (url: string) =>
    (await call({ url })).body.data.incidents.map((incident: { capturedAt: string }) =>
      incident.capturedAt.slice(11, 13),
    );
  t.same(await times('/api/v1/incidents'), ['12', '11', '08']);
  t.same(await times('/api/v1/incidents?from=2026-01-01T11:00:00Z&sn=I-1'), ['12']);
  t.same(await times('/api/v1/incidents?to=2026-01-01T12:00:00%2B01:00'), ['11', '08']);
  t.same(await times('/api/v1/incidents?classId=3'), []);
  const page = (await call({ url: '/api/v1/incidents?limit=2' })).body;
  t.same(await times(`/api/v1/incidents?limit=2&cursor=${page.nextCursor}`), ['08']);

  const before = published.length;
  const once = await report('I-1', '2026-01-01T13:00:00Z', 'k');
  const again = await report('I-1', '2026-01-01T13:00:00Z', 'k');
  t.equal(again.status, 201);
  t.same(again.body, once.body, 'a retry gets the same answer');
  t.equal((await report('I-1', '2026-01-01T14:00:00Z', 'k')).status, 422);
  t.same(published.slice(before, before + 1), ['drone:I-1:incident'], 'and causes one event');
  t.notOk(published.slice(before + 1).includes('drone:I-1:incident'));

  await call({ method: 'DELETE', url: `${BASE}/sn/I-1` });
  t.same(await times(`${BASE}/sn/I-1/incidents`), ['13', '12', '08']);

  const leap = await report('I-2', '2016-12-31t15:59:60.5-08:00', 'leap');
  t.equal(leap.body.data.incident.capturedAt, '2016-12-31T23:59:59.999Z');
  t.same((await report('I-2', '2016-12-31T23:59:60z', 'leap')).body, leap.body, 'the same report');
  t.same(await times('/api/v1/incidents?from=2016-12-31T23:59:60Z&to=2017-01-01t00:00:00z'), ['23']);
});

t.test('the API describes itself', async (t) => {
  const { app, call } = await buildApi(t);
  const { body } = await call({ url: '/openapi.json' });
  t.equal(body.openapi, '3.1.0');
  t.ok(body.paths['/api/v1/drones/sn/{sn}'].patch);
  t.equal((await app.inject({ url: '/docs/' })).statusCode, 200);
  t.same((await call({ url: '/health/live' })).body, { status: 'live' });
  t.match((await call({ url: '/health/ready' })).body, { status: 'ready', backlog: { drones: 0 } });
});
