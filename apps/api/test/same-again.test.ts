import t from 'tap';
import { buildApi, type TestApi } from './build-api.js';

const BASE = '/api/v1/drones';
const URL = `${BASE}/sn/SAME-1`;
const good = { deviceSerialNumber: 'SAME-1', deviceName: 'Gate', deviceCategory: 'CCTV' };
const headers = { 'content-type': 'application/json' };

/** A PATCH whose body is sent as it is written here, since JSON.stringify knows no -0 and no half of a pair. */
const patchText = ({ call }: TestApi, payload: string) =>
  call({ method: 'PATCH', url: URL, payload, headers });

async function setUp(t: Parameters<typeof buildApi>[0], more: object = {}): Promise<TestApi> {
  const api = await buildApi(t);
  const { status } = await api.call({
    method: 'POST',
    url: `${BASE}/register`,
    payload: { ...good, ...more },
  });
  t.equal(status, 201);
  return api;
}

t.test('negative zero is zero', async (t) => {
  const api = await setUp(t, { detectionClasses: [0, 2] });
  const again = await patchText(api, '{"detectionClasses":[-0,2]}');
  t.match(again, { status: 200, body: { data: { drone: { revision: 1 } } } }, 'no change');
  const twice = await patchText(api, '{"detectionClasses":[0,-0]}');
  t.match(twice, { status: 400, body: { errors: [{ pointer: '/detectionClasses' }] } }, 'not unique');
  const bbox = '"objectBBox":[-0,0,-0.0,-0e1]';
  const report = () =>
    api.call({
      method: 'POST',
      url: `${URL}/incidents`,
      payload: `{"imageUrl":"https://images.example/1.jpg",${bbox}}`,
      headers: { ...headers, 'idempotency-key': 'one' },
    });
  const [first, retry] = [await report(), await report()];
  t.equal(retry.status, 201, 'a retry is the same report');
  t.same(retry.body, first.body);
});

t.test('half of a surrogate pair is refused, wherever it is', async (t) => {
  const api = await setUp(t);
  for (const [payload, pointer] of [
    ['{"deviceName":"cam \\ud83d"}', '/deviceName'],
    ['{"metadata":{"alias":"\\ude00 cam"}}', '/metadata/alias'],
    ['{"cameras":["front","\\ud83dx"]}', '/cameras/1'],
    ['{"streamUrl":"rtsp://cam/\\udfff"}', '/streamUrl'],
  ] as const) {
    const answer = await patchText(api, payload);
    t.match(answer, { status: 400, body: { code: 'validation_failed', errors: [{ pointer }] } }, payload);
  }
  const broadcast = await api.call({
    method: 'POST',
    url: '/api/v1/system/broadcast',
    payload: '{"message":"x","level":"info","data":{"a/b":{"\\ud83d":1}}}',
    headers,
  });
  t.match(broadcast, { status: 400, body: { errors: [{ pointer: '/data/a~1b/\ufffd' }] } });
  t.equal((await api.call({ url: URL })).body.data.drone.revision, 1);
});

t.test('a whole pair and other odd text come back as they were sent', async (t) => {
  const api = await setUp(t);
  for (const alias of ['cam 😀', '\u2028\u2029\u0085', '\0', '\ufeff', 'e\u0301', '\u202eabc', '"\\\r\n']) {
    const answer = await patchText(api, JSON.stringify({ metadata: { alias } }));
    t.equal(answer.body.data.drone.metadata.alias, alias);
    const { revision } = answer.body.data.drone;
    const again = await patchText(api, JSON.stringify({ metadata: { alias } }));
    t.equal(again.body.data.drone.revision, revision, 'the same again is no change');
  }
});

t.test('lengths count characters, as JSON Schema means them', async (t) => {
  const api = await setUp(t);
  const name = (count: number) => patchText(api, JSON.stringify({ deviceName: '😀'.repeat(count) }));
  t.equal((await name(200)).status, 200);
  t.match(await name(201), { status: 400, body: { errors: [{ pointer: '/deviceName' }] } });
  const found = await api.call({ url: `${BASE}?q=${encodeURIComponent('😀'.repeat(200))}` });
  t.equal(found.status, 200);
  t.equal(found.body.results, 1);
});

t.test('a masked URL that is sent back keeps its credentials', async (t) => {
  const streamUrl = 'rtsp://viewer:secret@cam.example:554/live';
  const api = await setUp(t, { streamUrl });
  const stored = async () => (await api.call({ url: URL })).body.data.drone;
  t.equal((await stored()).streamUrl, streamUrl, 'everybody may read credentials here');
  const masked = 'rtsp://***@cam.example:554/live';
  const same = await patchText(api, JSON.stringify({ streamUrl: masked, deviceName: 'Gate' }));
  t.equal(same.body.data.drone.revision, 1, 'no change');

  await patchText(api, JSON.stringify({ streamUrl: 'rtsps://***@cam.example:554/other?a=1' }));
  t.match(await stored(), { streamUrl: 'rtsps://viewer:secret@cam.example:554/other?a=1', revision: 2 });
  await patchText(api, JSON.stringify({ streamUrl: 'rtsp://new:one@cam.example:554/other' }));
  t.match(await stored(), { streamUrl: 'rtsp://new:one@cam.example:554/other', revision: 3 });

  for (const [field, url] of [
    ['streamUrl', 'rtsp://***@evil.example/live'],
    ['streamUrl', 'rtsp://***@cam.example:555/live'],
    ['streamUrl', '***'],
    ['webRTCUrl', 'https://***@cam.example:554/whep'],
  ] as const) {
    const answer = await patchText(api, JSON.stringify({ [field]: url }));
    t.match(answer, { status: 400, body: { errors: [{ pointer: `/${field}` }] } }, `${field} ${url}`);
  }
  const other = { ...good, deviceSerialNumber: 'SAME-2', streamUrl: masked };
  const registration = await api.call({ method: 'POST', url: `${BASE}/register`, payload: other });
  t.match(registration, { status: 400, body: { errors: [{ pointer: '/streamUrl' }] } });
  t.equal((await stored()).revision, 3);
});
