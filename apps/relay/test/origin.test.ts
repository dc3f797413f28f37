import { signToken } from '@dronecast/auth';
import { toTrustProxy } from '@dronecast/runtime';
import t from 'tap';
import { type RawRequest, rawRequest, UPGRADE } from '../../../test/support/raw-request.js';
import { buildRelay } from './build-relay.js';

const SECRET = 'a secret that is long enough for tests';
const AUTH = { mode: 'secret', secret: SECRET, issuer: undefined, audience: undefined } as const;
const FOLLOW: readonly RawRequest[] = [
  { path: '/ws/events', headers: UPGRADE },
  { path: '/sse/events' },
  { path: '/poll/events?wait=0' },
];
/** As nginx and ingress-nginx hand requests on. */
const OF_PROXY = [
  ['X-Forwarded-For', '203.0.113.9'],
  ['X-Forwarded-Proto', 'https'],
] as const;

t.test('the settings of the manifests: tokens, and one proxy before', async (t) => {
  const { port } = await buildRelay(t, { auth: AUTH, trustProxy: toTrustProxy('1') });
  const content = { sub: 'ops', scope: 'events:read', drones: '*', expiresInSeconds: 60 };
  const authorization = `Bearer ${await signToken(content, SECRET)}`;
  const cases: [name: string, host: string, origin: string, more: [string, string][], isAllowed: boolean][] =
    [
      ['compose gateway', 'localhost:8080', 'http://localhost:8080', [], true],
      ['ingress behind TLS', 'drones.example.com', 'https://drones.example.com', [], true],
      ['ingress that adds the port', 'drones.example.com:443', 'https://drones.example.com', [], true],
      ['ingress in capitals', 'Drones.Example.com', 'https://drones.example.com', [], true],
      [
        'port that is not the default',
        'drones.example.com:8443',
        'https://drones.example.com:8443',
        [],
        true,
      ],
      [
        'proxy with a name of its own',
        'dronecast-relay:80',
        'https://drones.example.com',
        [['X-Forwarded-Host', 'drones.example.com']],
        true,
      ],
      ['LAN address', '192.168.1.20:8080', 'http://192.168.1.20:8080', [], true],
      ['IPv6 loopback', '[::1]:8080', 'http://[::1]:8080', [], true],
      ['another site', 'drones.example.com', 'https://evil.example', [], false],
      ['another port', 'drones.example.com', 'https://drones.example.com:8443', [], false],
      ['no origin at all', 'drones.example.com', 'null', [], false],
      [
        'another site behind a proxy',
        'dronecast-relay',
        'https://dronecast.evil.example',
        [['X-Forwarded-Host', 'drones.example.com']],
        false,
      ],
    ];
  for (const [name, host, origin, more, isAllowed] of cases) {
    for (const request of FOLLOW) {
      const headers = [
        ...[['Host', host] as const, ['Origin', origin] as const, ['Authorization', authorization] as const],
        ...[...OF_PROXY, ...more, ...(request.headers ?? [])],
      ];
      const { status } = await rawRequest(port, { ...request, headers });
      t.match(status, isAllowed ? /^101|200$/ : 403, `${name} ${request.path}`);
    }
  }
});

t.test('X-Forwarded-Host of nobody who is trusted', async (t) => {
  const { port } = await buildRelay(t);
  for (const request of FOLLOW) {
    const headers = [
      ...[['Host', '127.0.0.1'] as const, ['Origin', 'http://evil.example'] as const],
      ...[['X-Forwarded-Host', 'evil.example'] as const, ...(request.headers ?? [])],
    ];
    const answer = await rawRequest(port, { ...request, headers });
    t.match(answer, { status: 403 }, `${request.path}`);
    t.match(answer.json(), { code: 'origin_not_allowed' });
  }
});

t.test('a relay without tokens refuses hosts that are not its own', async (t) => {
  const { port } = await buildRelay(t, { allowedHosts: ['drones.example.com'] });
  const statusOf = async (request: RawRequest, host: string) =>
    (await rawRequest(port, { ...request, headers: [['Host', host], ...(request.headers ?? [])] })).status;
  for (const request of [...FOLLOW, { path: '/asyncapi.json' }]) {
    t.equal(await statusOf(request, 'evil.example'), 403, `${request.path}`);
    for (const host of ['drones.example.com', '10.42.0.17:3001', 'dronecast-relay']) {
      t.match(await statusOf(request, host), /^101|200$/, `${host} ${request.path}`);
    }
  }
  for (const path of ['/health/live', '/health/ready', '/metrics']) {
    t.match(await statusOf({ path }, 'evil.example'), /^200|503$/, path);
  }
});
