import t, { type Test } from 'tap';
import {
  createFastify,
  createOriginList,
  isAllowedOrigin,
  LOCALHOST_ORIGINS,
  toTrustProxy,
} from '../src/index.js';

/** Whether a page of an origin may connect, as a request with some headers finds it. */
async function build(t: Test, entries: readonly string[], trustProxy = '') {
  const app = createFastify({ logLevel: 'silent', trustProxy: toTrustProxy(trustProxy) });
  const isListed = createOriginList(entries);
  app.get('/', async (request) => isAllowedOrigin(request, isListed));
  t.teardown(() => app.close());
  return async (host: string, origin: string | undefined, headers: Record<string, string> = {}) =>
    (await app.inject({ url: '/', headers: { host, ...(origin && { origin }), ...headers } })).json();
}

t.test('the own origin', async (t) => {
  const isAllowed = await build(t, []);
  for (const [host, origin] of [
    ['x', undefined],
    ['x', 'http://x'],
    ['x:80', 'http://x'],
    ['x', 'http://x:80'],
    ['x:443', 'https://x'],
    ['x', 'https://x:443'],
    ['x', 'https://x'],
    ['X.Example', 'https://x.example'],
    ['x.example', 'HTTPS://X.EXAMPLE'],
    ['x:3000', 'http://x:3000'],
    ['[::1]:3000', 'http://[::1]:3000'],
    ['[::1]', 'http://[::1]'],
    ['192.168.1.20:3000', 'http://192.168.1.20:3000'],
  ] as const) {
    t.equal(await isAllowed(host, origin), true, `${host} ${origin}`);
  }
  for (const [host, origin] of [
    ['x', 'http://y'],
    ['x', 'http://x:443'],
    ['x:443', 'http://x'],
    ['x:80', 'https://x'],
    ['x:3000', 'http://x'],
    ['x:3000', 'http://x:3001'],
    ['x', 'http://x.evil.example'],
    ['x', 'http://evil.example/x'],
    ['x', 'http://x/'],
    ['x', 'http://user@x'],
    ['x', 'http://x?'],
    ['x', 'http://x#x'],
    ['x', 'http:\\\\x'],
    ['x', 'http:x'],
    ['x', 'http://x, http://x'],
    ['x', 'null'],
    ['null', 'null'],
    ['x', 'x'],
    ['x', 'ftp://x'],
    ['x', 'http://'],
    ['x', 'http://x:99999'],
    ['[::1]', 'http://[::2]'],
  ] as const) {
    t.equal(await isAllowed(host, origin), false, `${host} ${origin}`);
  }
});

t.test('a listed origin', async (t) => {
  const isAllowed = await build(t, [
    'https://Ops.example.com:443',
    'http://tools.example:8080',
    ...LOCALHOST_ORIGINS,
  ]);
  for (const origin of [
    ...['https://ops.example.com', 'https://OPS.example.com', 'https://ops.example.com:443'],
    ...['http://tools.example:8080', 'http://localhost:5173', 'http://localhost', 'https://localhost:8443'],
    ...['http://127.0.0.1:5173', 'http://[::1]:5173'],
  ]) {
    t.equal(await isAllowed('relay', origin), true, origin);
  }
  for (const origin of [
    ...['http://ops.example.com', 'https://ops.example.com:444', 'http://tools.example', 'null'],
    ...['http://localhost.evil.example:5173', 'http://evil.localhost:5173', 'http://127.0.0.2:5173'],
    ...['http://localhost:*', 'http://localhost:x'],
  ]) {
    t.equal(await isAllowed('relay', origin), false, origin);
  }
});

t.test('behind a proxy, what it says is the host, if it is trusted', async (t) => {
  const forwarded = { 'x-forwarded-host': 'drones.example.com' };
  const origin = 'https://drones.example.com';
  t.equal(await (await build(t, []))('api:3000', origin, forwarded), false);
  t.equal(await (await build(t, [], '10.0.0.1'))('api:3000', origin, forwarded), false);
  const isAllowed = await build(t, [], '127.0.0.1');
  t.equal(await isAllowed('api:3000', origin, forwarded), true);
  t.equal(await isAllowed('drones.example.com', origin), true);
  t.equal(await isAllowed('api:3000', origin, { 'x-forwarded-host': 'drones.example.com, edge' }), true);
  t.equal(await isAllowed('api:3000', 'https://evil.example', forwarded), false);
});
