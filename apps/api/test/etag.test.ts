import { signToken } from '@dronecast/auth';
import fc from 'fast-check';
import t from 'tap';
import { buildApi } from './build-api.js';

const BASE = '/api/v1/drones';
const drone = { deviceSerialNumber: 'TAG-1', deviceName: 'Gate', deviceCategory: 'CCTV' };
/** Characters of a list of entity tags, and some that have no place in one. */
const PIECES = ['"', ',', ' ', '\t', 'W/', 'w/', '*', 'a', '\u00e9', 'W/"a"', '"a,b"', '""'];
/** RFC 9110 sections 8.8.3 and 5.6.1, without repetitions inside repetitions. */
const TAG = '(?:W/)?"[!#-~\\u0080-\\u00ff]*"';
const LIST = new RegExp(
  `^(?:\\*|[ \\t,]*|[ \\t,]*${TAG}(?:[ \\t]*,[ \\t,]*${TAG})*(?:[ \\t]*,[ \\t,]*|[ \\t]*))$`,
);

t.test('lists of entity tags, well formed and not', async (t) => {
  const { app, call } = await buildApi(t);
  const registered = await call({ method: 'POST', url: `${BASE}/register`, payload: drone });
  const tag = String(registered.headers.etag);
  const url = `${BASE}/sn/TAG-1`;
  const read = async (header: string) =>
    (await app.inject({ url, headers: { 'if-none-match': header } })).statusCode;
  const patch = async (header: string) =>
    (await call({ method: 'PATCH', url, payload: {}, headers: { 'if-match': header } })).status;

  const cases: [header: string, read: number, patch: number][] = [
    ['*', 304, 200],
    [tag, 304, 200],
    [`W/${tag}`, 304, 412],
    [`"a,b", ${tag}`, 304, 200],
    [`"a, ${tag.slice(1, -1)}, b"`, 400, 400],
    [`"a,${tag.slice(1, -1)},b"`, 200, 412],
    [`,, ,\t${tag},,`, 304, 200],
    [`"caf\u00e9", ${tag}`, 304, 200],
    ['""', 200, 412],
    [', ,', 200, 412],
    [`${tag} "x"`, 400, 400],
    [`w/${tag}`, 400, 400],
    [`W/ ${tag}`, 400, 400],
    [`*, ${tag}`, 400, 400],
    ['"', 400, 400],
    ['W/', 400, 400],
    ['x', 400, 400],
  ];
  for (const [header, whenRead, whenPatched] of cases) {
    t.equal(await read(header), whenRead, `If-None-Match: ${header}`);
    t.equal(await patch(header), whenPatched, `If-Match: ${header}`);
  }
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), async (pieces) => {
      const header = pieces.join('').trim();
      return ((await read(header)) !== 400) === LIST.test(header);
    }),
    { numRuns: 500 },
  );
});

t.test('a long list of entity tags is refused by its name, and costs no time', async (t) => {
  const { call } = await buildApi(t);
  await call({ method: 'POST', url: `${BASE}/register`, payload: drone });
  const url = `${BASE}/sn/TAG-1`;
  const bombs = [
    ', '.repeat(4000),
    ' ,'.repeat(4000),
    'W/"",'.repeat(1600),
    '"'.repeat(8191),
    '\t'.repeat(8000),
  ];
  for (const bomb of bombs) {
    for (const [name, options] of [
      ['if-none-match', { url }],
      ['if-match', { url, method: 'PATCH', payload: {} }],
      ['if-match', { url, method: 'DELETE' }],
    ] as const) {
      const broken = await call({ ...options, headers: { [name]: `${bomb}x` } });
      t.match(
        broken,
        { status: 400, body: { errors: [{ pointer: `/${name}` }] } },
        `${name}: ${bomb.slice(0, 8)}…`,
      );
    }
    const long = await call({ url, headers: { 'if-none-match': `"a"${','.repeat(8190)}` } });
    t.match(long, { status: 400, body: { errors: [{ pointer: '/if-none-match', message: /8192/ }] } });
  }
});

t.test('both views of a drone have one ETag, and caches keep them apart', async (t) => {
  const secret = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
  const { call } = await buildApi(t, {
    auth: { mode: 'secret', secret, issuer: undefined, audience: undefined },
    corsOrigins: ['https://ops.example'],
  });
  const bearer = async (scope: string) => ({
    authorization: `Bearer ${await signToken({ sub: scope, scope, drones: '*', expiresInSeconds: 60 }, secret)}`,
    origin: 'https://ops.example',
  });
  const plain = await bearer('drones:read drones:write');
  const full = await bearer('drones:read drones:write credentials:read');
  const url = `${BASE}/sn/TAG-1`;
  const payload = { ...drone, streamCredentials: { password: 'sesame' } };
  await call({ method: 'POST', url: `${BASE}/register`, payload, headers: plain });
  const views = [await call({ url, headers: plain }), await call({ url, headers: full })];
  t.same(
    views.map(({ body }) => body.data.drone.streamCredentials.password),
    [undefined, 'sesame'],
  );
  const tags = views.map(({ headers }) => String(headers.etag));
  t.equal(tags[0], tags[1]);
  const isVaried = (headers: Record<string, unknown>, ...more: readonly string[]) =>
    t.same(String(headers.vary).split(', ').sort(), [...more, 'Authorization', 'Origin']);
  for (const { headers } of views) isVaried(headers);
  for (const headers of [plain, full]) {
    const again = await call({ url, headers: { ...headers, 'if-none-match': tags[0] } });
    t.equal(again.status, 304);
    isVaried(again.headers);
  }
  isVaried((await call({ url: BASE, headers: plain })).headers, 'Accept-Encoding');
  isVaried((await call({ url, headers: { origin: plain.origin } })).headers);

  const change = async (headers: typeof plain, tag: string, streamIsOn: boolean) =>
    call({ method: 'PATCH', url, payload: { streamIsOn }, headers: { ...headers, 'if-match': tag } });
  const changed = await change(plain, String(tags[1]), true);
  t.equal(changed.status, 200, 'the tag of the view with credentials');
  t.equal((await change(full, String(changed.headers.etag), false)).status, 200, 'and that of an answer');
  t.equal((await change(full, String(tags[0]), true)).status, 412);
  const [{ body } = { body: {} }] = views;
  t.equal((await change(plain, `"${body.data.drone.id}-3"`, true)).status, 200, 'the form of all versions');
});
