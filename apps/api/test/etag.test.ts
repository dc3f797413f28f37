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
