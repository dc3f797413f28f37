import t from 'tap';
import { buildApi } from './build-api.js';

const BASE = '/api/v1/drones';
const good = { deviceSerialNumber: 'BAD-1', deviceName: 'Gate', deviceCategory: 'CCTV' };
const incident = { imageUrl: 'https://images.example/1.jpg', objectBBox: [0, 0, 10, 10] };
const point = (coordinates: unknown) => ({ ...incident, coordinates: { type: 'Point', coordinates } });

type Case = [name: string, body: unknown, pointer: string];

const REGISTRATIONS: Case[] = [
  ...[
    'a:',
    ':a',
    'a*',
    'a  b',
    ' a',
    'a ',
    '',
    'all',
    '-a',
    'a-',
    'x'.repeat(65),
    'café',
    'a,b',
    'a%2Fb',
  ].map(
    (sn): Case => [
      `serial ${JSON.stringify(sn)}`,
      { ...good, deviceSerialNumber: sn },
      '/deviceSerialNumber',
    ],
  ),
  ['no serial', { deviceName: 'x', deviceCategory: 'CCTV' }, '/deviceSerialNumber'],
  ['no name', { deviceSerialNumber: 'BAD-1', deviceCategory: 'CCTV' }, '/deviceName'],
  ['no category', { deviceSerialNumber: 'BAD-1', deviceName: 'x' }, '/deviceCategory'],
  ['blank name', { ...good, deviceName: '  ' }, '/deviceName'],
  ['null name', { ...good, deviceName: null }, '/deviceName'],
  ['unknown category', { ...good, deviceCategory: 'BOAT' }, '/deviceCategory'],
  ['class 80', { ...good, detectionClasses: [1, 80] }, '/detectionClasses/1'],
  ['class 1.5', { ...good, detectionClasses: [1.5] }, '/detectionClasses/0'],
  ['duplicate classes', { ...good, detectionClasses: [1, 1] }, '/detectionClasses'],
  ['classes no array', { ...good, detectionClasses: 1 }, '/detectionClasses'],
  ['text for a flag', { ...good, streamIsOn: 'true' }, '/streamIsOn'],
  ['number for a camera', { ...good, cameras: ['front', 7] }, '/cameras/1'],
  ['unknown field', { ...good, colour: 'red' }, '/colour'],
  ['unknown nested field', { ...good, metadata: { colour: 'red' } }, '/metadata/colour'],
  ['port 0', { ...good, streamCredentials: { port: 0 } }, '/streamCredentials/port'],
  ['port 65536', { ...good, streamCredentials: { port: '65536' } }, '/streamCredentials/port'],
  [
    'a password that looks encrypted',
    { ...good, streamCredentials: { password: 'sealed:1:a:b' } },
    '/streamCredentials/password',
  ],
  ['id', { ...good, id: 'a'.repeat(24) }, '/id'],
  ['an array', [], ''],
  ['a string', '"x"', ''],
];

const PATCHES: Case[] = [
  ['serial', { deviceSerialNumber: 'BAD-2' }, '/deviceSerialNumber'],
  ['id', { id: 'x' }, '/id'],
  ['_id', { _id: 'x' }, '/_id'],
  ['revision', { revision: 9 }, '/revision'],
  ['createdAt', { createdAt: '2020-01-01T00:00:00Z' }, '/createdAt'],
  ['incidents', { incidents: [] }, '/incidents'],
  ['null name', { deviceName: null }, '/deviceName'],
  ['null category', { deviceCategory: null }, '/deviceCategory'],
  ['unknown field', { colour: 'red' }, '/colour'],
  ['a URL that looks encrypted', { streamUrl: 'sealed:1:a:b' }, '/streamUrl'],
  ['wrong type deep down', { metadata: { alias: 1 } }, '/metadata/alias'],
  ['an array', [], ''],
];

const INCIDENTS: Case[] = [
  ['longitude 181', point([181, 0]), '/coordinates/coordinates/0'],
  ['latitude -91', point([0, -91]), '/coordinates/coordinates/1'],
  ['one number', point([1]), '/coordinates/coordinates'],
  ['four numbers', point([1, 2, 3, 4]), '/coordinates/coordinates'],
  ['an altitude that is text', point([1, 2, '3']), '/coordinates/coordinates/2'],
  ['an altitude that is nothing', point([1, 2, null]), '/coordinates/coordinates/2'],
  ['longitude 181 with an altitude', point([181, 2, 3]), '/coordinates/coordinates/0'],
  ['text for an altitude', { ...incident, altitude: '3' }, '/altitude'],
  [
    'an infinite altitude',
    '{"imageUrl":"https://images.example/1.jpg","objectBBox":[0,0,1,1],"altitude":1e999}',
    '/altitude',
  ],
  ['no point', { ...incident, coordinates: { type: 'Line', coordinates: [1, 2] } }, '/coordinates/type'],
  ['no image', { objectBBox: [0, 0, 1, 1] }, '/imageUrl'],
  ['ftp image', { ...incident, imageUrl: 'ftp://images.example/1.jpg' }, '/imageUrl'],
  ['script image', { ...incident, imageUrl: 'javascript:alert(1)' }, '/imageUrl'],
  ['three numbers', { ...incident, objectBBox: [1, 2, 3] }, '/objectBBox'],
  ['negative width', { ...incident, objectBBox: [1, 2, -3, 4] }, '/objectBBox/2'],
  ['confidence 1.1', { ...incident, confidence: 1.1 }, '/confidence'],
  ['class 80', { ...incident, classId: 80 }, '/classId'],
  ['no such day', { ...incident, capturedAt: '2026-02-30T00:00:00Z' }, '/capturedAt'],
  ['no time zone', { ...incident, capturedAt: '2026-02-20T00:00:00' }, '/capturedAt'],
  ...[
    '0000-12-31T23:59:59Z',
    '9999-12-31T23:59:59-23:59',
    '2026-02-20T24:00:00Z',
    '2026-02-20T10:00:60Z',
    '2026-02-20T10:00:00+24:00',
  ].map((capturedAt): Case => [capturedAt, { ...incident, capturedAt }, '/capturedAt']),
  ['unknown field', { ...incident, colour: 'red' }, '/colour'],
];

const BROADCASTS: Case[] = [
  ['no message', { level: 'info' }, '/message'],
  ['blank message', { message: ' ', level: 'info' }, '/message'],
  ['unknown level', { message: 'x', level: 'loud' }, '/level'],
  ['data no object', { message: 'x', level: 'info', data: [] }, '/data'],
];

t.test('a wrong field gets 400, a pointer to it, and changes nothing', async (t) => {
  const { call, published } = await buildApi(t);
  await call({ method: 'POST', url: `${BASE}/register`, payload: { ...good, deviceSerialNumber: 'KEPT' } });
  const kept = (await call({ url: `${BASE}/sn/KEPT` })).body;
  const before = [...published];

  const suites: ['POST' | 'PATCH', string, Case[]][] = [
    ['POST', `${BASE}/register`, REGISTRATIONS],
    ['PATCH', `${BASE}/sn/KEPT`, PATCHES],
    ['POST', `${BASE}/sn/KEPT/incidents`, INCIDENTS],
    ['POST', '/api/v1/system/broadcast', BROADCASTS],
  ];
  for (const [method, url, cases] of suites) {
    for (const [name, body, pointer] of cases) {
      const payload = typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await call({ method, url, payload, headers: { 'content-type': 'application/json' } });
      const label = `${method} ${url}: ${name}`;
      t.equal(answer.status, 400, label);
      t.match(answer.headers['content-type'], 'application/problem+json', label);
      t.match(answer.body, { status: 400, code: 'validation_failed', requestId: /./ }, label);
      t.ok(
        answer.body.errors?.some((error: { pointer: string }) => error.pointer === pointer),
        `${label}: ${JSON.stringify(answer.body.errors)}`,
      );
    }
  }
  t.same((await call({ url: `${BASE}/sn/KEPT` })).body, kept, 'the drone is as it was');
  t.equal((await call({ url: BASE })).body.results, 1, 'nothing else is stored');
  t.equal((await call({ url: '/api/v1/incidents' })).body.results, 0);
  t.same(published, before, 'nothing is published');
});

t.test('a wrong request gets the status that says why', async (t) => {
  const { call, published } = await buildApi(t);
  const created = await call({ method: 'POST', url: `${BASE}/register`, payload: good });
  const { id } = created.body.data.drone;
  const before = [...published];
  const json = { 'content-type': 'application/json' };
  const patch = { method: 'PATCH', url: `${BASE}/sn/BAD-1`, payload: { streamIsOn: true } } as const;
  const cases: [string, Parameters<typeof call>[0], number, string][] = [
    ['malformed JSON', { ...patch, payload: '{"streamIsOn":', headers: json }, 400, 'malformed_json'],
    ['poisoned JSON', { ...patch, payload: '{"__proto__":{"x":1}}', headers: json }, 400, 'malformed_json'],
    ['no body', { method: 'PATCH', url: patch.url, headers: json }, 400, 'validation_failed'],
    ['1 MiB', { ...patch, payload: { deviceName: 'x'.repeat(2 ** 20) } }, 413, 'body_too_large'],
    [
      'text',
      { ...patch, payload: 'x', headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported_media_type',
    ],
    ['malformed id', { url: `${BASE}/xyz` }, 400, 'validation_failed'],
    ['unknown id', { url: `${BASE}/${'0'.repeat(24)}` }, 404, 'drone_not_found'],
    ['malformed serial', { url: `${BASE}/sn/a:` }, 400, 'validation_failed'],
    ['malformed serial, long', { url: `${BASE}/sn/${'x'.repeat(3000)}` }, 400, 'validation_failed'],
    ['serial of incidents', { url: '/api/v1/incidents?sn=*' }, 400, 'validation_failed'],
    ['every serial number', { url: `${BASE}/sn/*/incidents` }, 400, 'validation_failed'],
    ['unencoded slash', { url: `${BASE}/sn/a/b` }, 404, 'route_not_found'],
    ['unknown serial, encoded', { url: `${BASE}/sn/a%2Fb` }, 404, 'drone_not_found'],
    ['unknown serial', { url: `${BASE}/sn/NOBODY` }, 404, 'drone_not_found'],
    ['PATCH unknown', { ...patch, url: `${BASE}/sn/NOBODY` }, 404, 'drone_not_found'],
    ['DELETE unknown', { method: 'DELETE', url: `${BASE}/sn/NOBODY` }, 404, 'drone_not_found'],
    [
      'incident of unknown',
      { method: 'POST', url: `${BASE}/sn/NOBODY/incidents`, payload: incident },
      404,
      'drone_not_found',
    ],
    ['incidents of unknown', { url: `${BASE}/sn/NOBODY/incidents` }, 404, 'drone_not_found'],
    ['serial exists', { method: 'POST', url: `${BASE}/register`, payload: good }, 409, 'serial_number_taken'],
    ['stale If-Match', { ...patch, headers: { 'if-match': `"${id}-9"` } }, 412, 'precondition_failed'],
    ['weak If-Match', { ...patch, headers: { 'if-match': `W/"${id}-1"` } }, 412, 'precondition_failed'],
    ['malformed If-Match', { ...patch, headers: { 'if-match': `${id}-1` } }, 400, 'validation_failed'],
    [
      'DELETE stale',
      { method: 'DELETE', url: patch.url, headers: { 'if-match': '"x"' } },
      412,
      'precondition_failed',
    ],
    ['limit 0', { url: `${BASE}?limit=0` }, 400, 'validation_failed'],
    ['limit 1001', { url: `${BASE}?limit=1001` }, 400, 'validation_failed'],
    ['unknown filter', { url: `${BASE}?colour=red` }, 400, 'validation_failed'],
    ['filter of the wrong type', { url: `${BASE}?streamIsOn=maybe` }, 400, 'validation_failed'],
    ['empty cursor', { url: `${BASE}?cursor=` }, 400, 'validation_failed'],
    ['forged incident cursor', { url: '/api/v1/incidents?cursor=WyJhIiwiYiJd' }, 400, 'validation_failed'],
    ['half a limit', { url: `${BASE}?limit=1.5` }, 400, 'validation_failed'],
    ['a flag for a limit', { url: `${BASE}?limit=true` }, 400, 'validation_failed'],
    ['a number for a flag', { url: `${BASE}?streamIsOn=1` }, 400, 'validation_failed'],
    ['another method', { method: 'PATCH', url: `${BASE}/register` }, 405, 'method_not_allowed'],
    ['no id', { method: 'DELETE', url: `${BASE}/` }, 405, 'method_not_allowed'],
    ['another path', { url: `${BASE}/sn/BAD-1/nothing` }, 404, 'route_not_found'],
    [
      'a time in the year 10000',
      { url: '/api/v1/incidents?to=9999-12-31T23:59:59-23:59' },
      400,
      'validation_failed',
    ],
    ['bad time', { url: '/api/v1/incidents?from=yesterday' }, 400, 'validation_failed'],
    [
      'empty Idempotency-Key',
      {
        method: 'POST',
        url: `${BASE}/sn/BAD-1/incidents`,
        payload: incident,
        headers: { 'idempotency-key': '' },
      },
      400,
      'validation_failed',
    ],
    ['no such route', { url: '/api/v2/drones' }, 404, 'route_not_found'],
  ];
  for (const [name, options, status, code] of cases) {
    const answer = await call(options);
    t.equal(answer.status, status, `${name}: ${JSON.stringify(answer.body)}`);
    t.equal(answer.body.code, code, name);
    t.match(answer.headers['content-type'], 'application/problem+json', name);
    t.equal(answer.headers['x-request-id'], answer.body.requestId, name);
  }
  t.same(published, before, 'nothing is published');
  t.equal((await call({ url: `${BASE}/sn/BAD-1` })).body.data.drone.revision, 1);
});

t.test('a deeply nested body is refused before it is parsed', async (t) => {
  const { call, published } = await buildApi(t);
  await call({ method: 'POST', url: `${BASE}/register`, payload: good });
  const before = [...published];
  const nested = (levels: number, open: string, close: string) => open.repeat(levels) + close.repeat(levels);
  const send = (method: 'POST' | 'PATCH', url: string, payload: string) =>
    call({ method, url, payload, headers: { 'content-type': 'application/json' } });
  const deep = [
    nested(30_000, '[', ']'),
    nested(10_000, '{"a":', '}').replace('}', '1}'),
    '['.repeat(60_000),
  ];
  for (const value of deep) {
    const bodies: ['POST' | 'PATCH', string, string][] = [
      ['POST', '/api/v1/system/broadcast', `{"message":"x","level":"info","data":{"a":${value}}}`],
      ['POST', `${BASE}/register`, value],
      ['PATCH', `${BASE}/sn/BAD-1`, `{"cameras":${value}}`],
      ['POST', `${BASE}/sn/BAD-1/incidents`, `{"coordinates":${value}}`],
    ];
    for (const [method, url, payload] of bodies) {
      const { status, body } = await send(method, url, payload);
      t.match({ status, ...body }, { status: 400, code: 'json_too_deep', errors: [{ pointer: '' }] }, url);
    }
  }
  t.same(published, before);
  const broadcast = (data: string) =>
    send('POST', '/api/v1/system/broadcast', `{"message":"[[","level":"info","data":${data}}`);
  t.equal((await broadcast(nested(99, '{"a":', '}').replace('}', '1}'))).status, 202, '100 levels');
  t.equal((await broadcast(nested(100, '{"a":', '}').replace('}', '1}'))).status, 400, '101 levels');
  t.equal((await broadcast(`{"a":"${'[{'.repeat(1000)}"}`)).status, 202, 'brackets in text do not count');
  t.equal(
    (await broadcast(`{"a":"\\"${'['.repeat(1000)}"}`)).status,
    202,
    'nor in text behind an escaped backslash',
  );
});

t.test('an answer lists at most 100 validation errors', async (t) => {
  const { call } = await buildApi(t);
  const payload = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, 1]));
  const { status, body } = await call({ method: 'POST', url: `${BASE}/register`, payload });
  t.same([status, body.code, body.errors.length], [400, 'validation_failed', 100]);
  t.ok(body.detail.length < 10_000);
});

t.test('405 says what the path takes (RFC 9110)', async (t) => {
  const { call } = await buildApi(t);
  const allowed = async (method: string, url: string) => {
    const { status, headers } = await call({ method: method as 'GET', url });
    t.equal(status, 405, `${method} ${url}`);
    return headers.allow;
  };
  t.equal(await allowed('GET', `${BASE}/register`), 'POST');
  t.equal(await allowed('DELETE', `${BASE}?q=x`), 'GET, HEAD');
  t.equal(await allowed('POST', `${BASE}/sn/BAD-1/`), 'GET, HEAD, PATCH, DELETE');
  t.equal(await allowed('QUERY', `${BASE}/0123456789abcdef01234567`), 'GET, HEAD, PATCH, DELETE');
});

t.test('a slash at the end does no harm', async (t) => {
  const { call } = await buildApi(t);
  t.equal((await call({ url: `${BASE}/` })).status, 200);
});

t.test('an incident cursor from before or after all times is as good as one from the end', async (t) => {
  const { call } = await buildApi(t);
  await call({ method: 'POST', url: `${BASE}/register`, payload: good });
  await call({ method: 'POST', url: `${BASE}/sn/BAD-1/incidents`, payload: incident });
  const list = async (ms: number) =>
    (await call({ url: `/api/v1/incidents?cursor=${ms}_${'0'.repeat(24)}` })).body.results;
  t.equal(await list(999_999_999_999_999), 1);
  t.equal(await list(-999_999_999_999_999), 0);
});
