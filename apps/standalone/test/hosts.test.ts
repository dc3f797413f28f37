import { SCOPES, signToken } from '@dronecast/auth';
import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { type RawRequest, rawRequest, UPGRADE } from '../../../test/support/raw-request.js';
import { startStandalone } from './start-standalone.js';

type Fields = NonNullable<RawRequest['headers']>;

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const DRONE = '/api/v1/drones/sn/A-1';
const JSON_BODY: Fields = [
  ['Content-Type', 'application/json'],
  ['Content-Length', '19'],
];
const patch = { method: 'PATCH', path: DRONE, headers: JSON_BODY, body: '{"streamIsOn":true}' };
/** Every way to the relay's events. */
const FOLLOW: readonly RawRequest[] = [
  { path: '/ws/events', headers: UPGRADE },
  { path: '/sse/events' },
  { path: '/poll/events?wait=0' },
];

/** A standalone with a drone that has a stream password. */
async function start(t: Test, env: Record<string, string> = {}) {
  const server = await startStandalone(t, { DATA_DIR: testFolder(t), ...env });
  const content = { sub: 'ops', scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 };
  const headers = { authorization: `Bearer ${await signToken(content, SECRET)}` };
  const secrets = { streamCredentials: { password: 'sesame' } };
  await call(server.url, 'POST', '/api/v1/drones/register', registration('A-1', secrets), headers);
  return {
    bearer: ['Authorization', headers.authorization] as const,
    /** Sends what a page of `origin` would, to whom it takes for `host`. */
    ask: (request: RawRequest, host: string, origin?: string, more: Fields = []) =>
      rawRequest(server.port, {
        ...request,
        headers: [
          ['Host', host],
          ...(origin === undefined ? [] : [['Origin', origin] as const]),
          ...(request.headers ?? []),
          ...more,
        ],
      }),
    read: async () => (await call(server.url, 'GET', DRONE, undefined, headers)).body.data.drone,
  };
}

t.test('a page whose name was bound anew to this machine gets nothing', async (t) => {
  const { ask, read } = await start(t);
  const evil = 'evil.example:3000';
  const body = JSON.stringify(registration('B-1'));
  const page = (await ask({}, 'localhost')).text;
  const [asset = ''] = /\/assets\/[^"]+\.js/.exec(page) ?? [];
  t.match(asset, '/assets/');
  const requests: readonly RawRequest[] = [
    { path: DRONE },
    { path: '/api/v1/drones' },
    { path: '/api/v1/incidents' },
    patch,
    { method: 'DELETE', path: DRONE },
    {
      method: 'POST',
      path: '/api/v1/drones/register',
      headers: [
        ['Content-Type', 'application/json'],
        ['Content-Length', `${body.length}`],
      ],
      body,
    },
    { method: 'OPTIONS', path: DRONE, headers: [['Access-Control-Request-Method', 'PATCH']] },
    ...FOLLOW,
    ...['/', asset, '/config.json', '/docs', '/docs/static/index.html', '/docs/json', '/openapi.json'].map(
      (path) => ({ path }),
    ),
    { path: '/asyncapi.json' },
    { path: '/nowhere' },
  ];
  for (const request of requests) {
    const name = `${request.method ?? 'GET'} ${request.path}`;
    for (const origin of [`http://${evil}`, undefined]) {
      const answer = await ask(request, evil, origin);
      t.equal(answer.status, 403, name);
      t.match(answer.json(), { code: 'host_not_allowed', detail: /evil\.example.*ALLOWED_HOSTS/ }, name);
      t.notMatch(answer.text, 'sesame');
      t.equal(answer.headers['access-control-allow-origin'], undefined);
    }
  }
  const forged: Fields = [
    ['X-Forwarded-Host', 'localhost'],
    ['Forwarded', 'host=localhost'],
    ['X-Forwarded-For', '127.0.0.1'],
  ];
  t.equal(
    (await ask({ path: DRONE }, evil, `http://${evil}`, forged)).status,
    403,
    'whatever it says beside it',
  );
  t.equal((await read()).streamIsOn, false);
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    t.equal((await ask({ path }, evil)).status, 200, path);
  }
});

t.test('who asks by an address or a local name is served as ever', async (t) => {
  const { ask } = await start(t);
  for (const host of [
    ...['localhost:3000', '127.0.0.1:3000', '[::1]:3000', '192.168.1.20:3000', '10.42.0.17:3000'],
    ...['dronecast:3000', 'drones.localhost:3000', 'raspberrypi'],
  ]) {
    t.match((await ask({ path: DRONE }, host)).text, 'sesame', host);
    t.match((await ask({}, host)).text, '<title>Dronecast</title>', host);
    t.equal((await ask(patch, host, `http://${host}`)).status, 200, host);
    for (const request of FOLLOW) {
      t.match((await ask(request, host, `http://${host}`)).status, /^101|200$/, `${host}${request.path}`);
    }
  }
});

t.test('other names are allowed one by one', async (t) => {
  const { ask } = await start(t, {
    ALLOWED_HOSTS: 'drones.example.com,*.fleet.example',
    CORS_ORIGINS: 'https://ops.example.com',
  });
  for (const host of ['drones.example.com', 'a.fleet.example:3000', 'ops.example.com']) {
    t.equal((await ask({ path: DRONE }, host)).status, 200, host);
    for (const request of FOLLOW) {
      t.match((await ask(request, host, `https://${host}`)).status, /^101|200$/, `${host}${request.path}`);
    }
  }
  t.equal((await ask({ path: DRONE }, 'evil.example')).status, 403);
});

t.test('where tokens are asked for, any host will do', async (t) => {
  const { ask, bearer } = await start(t, { AUTH_MODE: 'jwt', JWT_SECRET: SECRET });
  const host = 'drones.example.com';
  t.equal((await ask({ path: DRONE }, host)).status, 401);
  t.equal((await ask({ path: DRONE }, host, undefined, [bearer])).status, 200);
  t.equal((await ask({}, host)).status, 200);
  for (const request of FOLLOW) {
    t.match((await ask(request, host, `https://${host}`, [bearer])).status, /^101|200$/, `${request.path}`);
    t.equal((await ask(request, host, 'https://evil.example', [bearer])).status, 403, `${request.path}`);
  }
});

t.test('pages that a developer serves on the same machine may call', async (t) => {
  for (const env of [{}, { AUTH_MODE: 'jwt', JWT_SECRET: SECRET }]) {
    const { ask, bearer } = await start(t, env);
    const preflight = {
      method: 'OPTIONS',
      path: DRONE,
      headers: [['Access-Control-Request-Method', 'PATCH'] as const],
    };
    for (const origin of [
      ...['http://localhost:5173', 'http://localhost', 'https://localhost:8443', 'http://127.0.0.1:8080'],
      'http://[::1]:5173',
    ]) {
      t.equal((await ask(preflight, '127.0.0.1', origin)).headers['access-control-allow-origin'], origin);
      const read = await ask({ path: DRONE }, '127.0.0.1', origin, [bearer]);
      t.equal(read.headers['access-control-allow-origin'], origin);
      for (const request of FOLLOW) {
        const { status } = await ask(request, '127.0.0.1', origin, [bearer]);
        t.match(status, /^101|200$/, `${origin} ${request.path}`);
      }
    }
    for (const origin of [
      ...['https://evil.example', 'http://localhost.evil.example:5173', 'http://127.0.0.1.evil.example'],
      ...['http://10.0.0.1:3000', 'null', 'file://', 'http://localhost:5173/x'],
    ]) {
      t.equal((await ask(preflight, '127.0.0.1', origin)).headers['access-control-allow-origin'], undefined);
      for (const request of FOLLOW) {
        const { status } = await ask(request, '127.0.0.1', origin, [bearer]);
        t.equal(status, 403, `${origin} ${request.path}`);
      }
    }
  }
});

t.test('a foreign page changes nothing by what browsers send without asking first', async (t) => {
  const { ask, read } = await start(t);
  const body = JSON.stringify({ ...registration('B-1'), streamIsOn: true });
  const types = [
    ...['text/plain', 'text/plain;charset=application/json', 'application/x-www-form-urlencoded'],
    ...['multipart/form-data; boundary=x', 'application/json-x', undefined],
  ];
  for (const path of ['/api/v1/drones/register', `${DRONE}/incidents`, '/api/v1/system/broadcast', DRONE]) {
    for (const type of types) {
      const headers: Fields = [
        ...(type === undefined ? [] : [['Content-Type', type] as const]),
        ['Content-Length', `${body.length}`],
      ];
      const { status } = await ask(
        { method: 'POST', path, headers, body },
        '127.0.0.1',
        'https://evil.example',
      );
      t.match(status, path === DRONE ? 405 : 415, `${path} ${type}`);
    }
  }
  for (const method of ['PATCH', 'DELETE', 'POST']) {
    const headers: Fields = [
      ['Access-Control-Request-Method', method],
      ['Access-Control-Request-Headers', 'content-type'],
    ];
    const answer = await ask(
      { method: 'OPTIONS', path: DRONE, headers },
      '127.0.0.1',
      'https://evil.example',
    );
    t.equal(answer.headers['access-control-allow-origin'], undefined, `no leave to ${method}`);
  }
  t.equal((await read()).streamIsOn, false);
});
