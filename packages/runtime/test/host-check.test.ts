import type { AddressInfo } from 'node:net';
import { Type } from '@sinclair/typebox';
import t, { type Test } from 'tap';
import { type RawRequest, rawRequest, UPGRADE } from '../../../test/support/raw-request.js';
import { commonSettings, createFastify, readConfig, toAllowedHosts, toTrustProxy } from '../src/index.js';

const { HOST, ALLOWED_HOSTS, CORS_ORIGINS } = commonSettings;
const Config = Type.Object({ HOST: HOST('127.0.0.1'), ALLOWED_HOSTS, CORS_ORIGINS });

async function build(t: Test, env: Record<string, string> = {}, trustProxy = '') {
  const allowedHosts = toAllowedHosts(readConfig(Config, env));
  const app = createFastify({ logLevel: 'silent', allowedHosts, trustProxy: toTrustProxy(trustProxy) });
  app.get('/', async () => 'ours');
  app.get('/health/live', async () => 'live');
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  return {
    ask: (request: RawRequest) => rawRequest(port, request),
    statusFor: async (...hosts: string[]) =>
      (await rawRequest(port, { headers: hosts.map((host) => ['Host', host]) })).status,
  };
}

t.test('hosts that need not be named', async (t) => {
  const { statusFor } = await build(t);
  for (const host of [
    ...[
      '127.0.0.1:3000',
      '10.1.2.3',
      '192.168.1.20:8080',
      '[::1]:3000',
      '[::1]',
      '[fe80::1]:3000',
      '[::ffff:10.0.0.1]',
    ],
    ...[
      'localhost',
      'localhost:3000',
      'LOCALHOST.',
      'app.localhost:3000',
      'raspberry',
      'dronecast-api:80',
      'my_api',
    ],
  ]) {
    t.equal(await statusFor(host), 200, host);
  }
  for (const host of [
    ...[
      'evil.example',
      'evil.example:3000',
      'EVIL.example.',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
    ],
    ...[
      '127.0.0.1.',
      '127.1',
      '1.2.3.4.5',
      'xlocalhost.example',
      'notlocalhost.',
      'evil%2eexample',
      'evil.example.:80',
    ],
    ...['[::1].evil.example', '[::g]', 'a,b', 'raspberry.local', 'evil.example,localhost', '[::1%25eth0]'],
  ]) {
    const isAllowed = host === '127.0.0.1.' || host === 'notlocalhost.';
    t.match(await statusFor(host), isAllowed ? 200 : /^40[03]$/, host);
  }
});

t.test('the refusal says what to do', async (t) => {
  const { ask } = await build(t);
  const answer = await ask({ headers: [['Host', 'Evil.example:3000']] });
  t.equal(answer.status, 403);
  t.match(answer.headers['content-type'], 'application/problem+json');
  t.ok(answer.headers['x-request-id']);
  t.match(answer.json(), { code: 'host_not_allowed', detail: /evil\.example.*ALLOWED_HOSTS/ });
  t.equal((await ask({ path: '/nowhere', headers: [['Host', 'evil.example']] })).status, 403);
  t.equal((await ask({ path: '/health/nowhere', headers: [['Host', 'evil.example']] })).status, 403);
  for (const path of ['/health/live', '/metrics']) {
    t.equal((await ask({ path, headers: [['Host', 'evil.example']] })).status, 200, path);
  }
});

t.test('hosts that are named', async (t) => {
  const { statusFor } = await build(t, {
    HOST: 'Drones.lan',
    ALLOWED_HOSTS: 'drones.example.com, *.Fleet.example',
    CORS_ORIGINS: 'https://ops.example.com:8443,http://console.example:*',
  });
  for (const host of [
    ...[
      'drones.lan:3000',
      'drones.example.com',
      'DRONES.example.com.:443',
      'a.fleet.example',
      'a.b.fleet.example:1',
    ],
    ...['ops.example.com', 'console.example:3000'],
  ]) {
    t.equal(await statusFor(host), 200, host);
  }
  for (const host of ['fleet.example', 'evilfleet.example', 'a.drones.example.com', 'example.com']) {
    t.equal(await statusFor(host), 403, host);
  }
});

t.test('names in ALLOWED_HOSTS, well formed and not', async (t) => {
  for (const ALLOWED_HOSTS of [
    '',
    'a',
    'a.example',
    '*.a.example',
    'a.example., b.example',
    'xn--mnchen-3ya.example',
  ]) {
    t.doesNotThrow(() => readConfig(Config, { ALLOWED_HOSTS }), ALLOWED_HOSTS);
  }
  for (const ALLOWED_HOSTS of [
    '*',
    '*.',
    'a*.example',
    'https://a.example',
    'a.example:80',
    'a..b',
    'a b',
    'a.example,',
  ]) {
    t.throws(() => readConfig(Config, { ALLOWED_HOSTS }), /ALLOWED_HOSTS must be/, ALLOWED_HOSTS);
  }
});

t.test('a request has one host (RFC 9112 section 3.2)', async (t) => {
  const { ask, statusFor } = await build(t);
  t.equal(await statusFor('localhost', 'localhost'), 400);
  t.equal(await statusFor('localhost', 'evil.example'), 400);
  t.equal(await statusFor('evil.example', 'localhost'), 400);
  for (const host of [
    '',
    'a b',
    'user@localhost',
    'localhost:x',
    'localhost:1:2',
    'localhost/x',
    '::1',
    `${'a'.repeat(256)}`,
  ]) {
    t.equal(await statusFor(host), 400, JSON.stringify(host));
  }
  t.equal((await ask({})).status, 400);
  t.equal((await ask({ headers: UPGRADE })).status, 400);
  t.equal((await ask({ version: '1.0' })).status, 200, 'which HTTP/1.0 need not have');
  t.equal((await ask({ version: '1.0', headers: [['Host', 'evil.example']] })).status, 403);
});

t.test('a target in absolute form', async (t) => {
  const { ask } = await build(t);
  const statusOf = async (path: string, host: string) =>
    (await ask({ path, headers: [['Host', host]] })).status;
  t.equal(await statusOf('http://localhost/', 'localhost'), 200);
  t.equal(await statusOf('http://evil.example/', 'localhost'), 403);
  t.equal(await statusOf('HTTP://evil.example/', 'localhost'), 403);
  t.equal(await statusOf('http://localhost/', 'evil.example'), 403);
  t.equal(await statusOf('http://user@localhost/', 'localhost'), 400);
});

t.test('X-Forwarded-Host refuses what a proxy was asked for, and opens nothing', async (t) => {
  const statusOf = async ({ ask }: Awaited<ReturnType<typeof build>>, host: string, ...forwarded: string[]) =>
    (
      await ask({
        headers: [['Host', host], ...forwarded.map((each) => ['X-Forwarded-Host', each] as const)],
      })
    ).status;
  const direct = await build(t);
  t.equal(await statusOf(direct, 'evil.example', 'localhost'), 403);
  t.equal(await statusOf(direct, 'localhost', 'evil.example'), 200, 'of nobody who is trusted');
  const proxied = await build(t, { ALLOWED_HOSTS: 'drones.example.com' }, '127.0.0.1');
  t.equal(await statusOf(proxied, 'api:3000', 'drones.example.com'), 200);
  t.equal(await statusOf(proxied, 'api:3000', '192.168.1.20:8080'), 200);
  t.equal(await statusOf(proxied, '10.0.0.7:3000', 'evil.example'), 403);
  t.equal(await statusOf(proxied, 'evil.example', 'localhost'), 403, 'which the proxy has passed on');
  t.equal(await statusOf(proxied, 'api:3000', 'evil.example', 'edge'), 403);
  t.equal(await statusOf(proxied, 'api:3000', 'evil.example, edge'), 403);
});
