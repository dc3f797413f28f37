import { signToken, type TokenContent } from '@dronecast/auth';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { buildApi } from './build-api.js';

const SECRET = 'a secret that is long enough for tests';
const OTHER_SECRET = 'another secret, which nobody here accepts';
const ALL_SCOPES = 'drones:read drones:write incidents:write system:broadcast credentials:read';

const tokenFor = (more: Partial<TokenContent> = {}, secret = SECRET): Promise<string> =>
  signToken(
    {
      ...{ sub: 'ops', scope: ALL_SCOPES, drones: '*', expiresInSeconds: 60 },
      ...{ iss: undefined, aud: 'dronecast', ...more },
    },
    secret,
  );

const registration = (deviceSerialNumber: string) => ({
  deviceSerialNumber,
  deviceName: 'Gate',
  deviceCategory: 'CCTV',
  streamUrl: 'rtsp://user:pass-in-url@camera.example/1',
  streamCredentials: { userName: 'pilot', password: 'very-secret', port: '8554' },
});
const INCIDENT = { imageUrl: 'https://images.example/1.jpg', objectBBox: [1, 2, 3, 4] };

t.test('each route answers each token as documented', async (t) => {
  const { call } = await buildApi(t, {
    mode: 'secret',
    secret: SECRET,
    issuer: undefined,
    audience: 'dronecast',
  });
  const send = async (token: string | undefined, options: InjectOptions) =>
    call({ ...options, ...(token && { headers: { authorization: `Bearer ${token}` } }) });
  const owner = await tokenFor();
  const { id } = (
    await send(owner, { method: 'POST', url: '/api/v1/drones/register', payload: registration('A-1') })
  ).body.data.drone;

  const routes: [name: string, scope: string, other: number, right: number, options: InjectOptions][] = [
    [
      'register',
      'drones:write',
      403,
      201,
      { method: 'POST', url: '/api/v1/drones/register', payload: registration('A-2') },
    ],
    ['list', 'drones:read', 200, 200, { url: '/api/v1/drones' }],
    ['get by id', 'drones:read', 404, 200, { url: `/api/v1/drones/${id}` }],
    ['get by sn', 'drones:read', 404, 200, { url: '/api/v1/drones/sn/A-1' }],
    [
      'patch by id',
      'drones:write',
      404,
      200,
      { method: 'PATCH', url: `/api/v1/drones/${id}`, payload: { deviceName: 'x' } },
    ],
    [
      'patch by sn',
      'drones:write',
      404,
      200,
      { method: 'PATCH', url: '/api/v1/drones/sn/A-1', payload: { deviceName: 'y' } },
    ],
    [
      'report',
      'incidents:write',
      404,
      201,
      { method: 'POST', url: '/api/v1/drones/sn/A-1/incidents', payload: INCIDENT },
    ],
    ['incidents', 'drones:read', 404, 200, { url: '/api/v1/drones/sn/A-1/incidents' }],
    ['fleet incidents', 'drones:read', 200, 200, { url: '/api/v1/incidents' }],
    [
      'broadcast',
      'system:broadcast',
      202,
      202,
      { method: 'POST', url: '/api/v1/system/broadcast', payload: { message: 'm', level: 'info' } },
    ],
    ['delete by id', 'drones:write', 404, 204, { method: 'DELETE', url: `/api/v1/drones/${id}` }],
    ['delete by sn', 'drones:write', 404, 204, { method: 'DELETE', url: '/api/v1/drones/sn/A-2' }],
  ];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const notYet = Math.floor(Date.now() / 1000) + 3600;
  const bad: [name: string, token: string | undefined, code: string][] = [
    ['no token', undefined, 'missing_token'],
    ['garbage', 'garbage', 'invalid_token'],
    [
      'alg none',
      `${encode({ alg: 'none' })}.${encode({ sub: 'ops', drones: '*', exp: notYet })}.`,
      'invalid_token',
    ],
    ['wrong key', await tokenFor({}, OTHER_SECRET), 'invalid_token'],
    ['expired', await tokenFor({ expiresInSeconds: -60 }), 'expired_token'],
    ['not yet valid', await tokenFor({ nbf: notYet } as object), 'invalid_token'],
    ['wrong audience', await tokenFor({ aud: 'others' }), 'invalid_token'],
  ];
  for (const [route, scope, other, right, options] of routes) {
    for (const [name, token, code] of bad) {
      const { status, body, headers } = await send(token, options);
      t.match({ status, body }, { status: 401, body: { code } }, `${route}: ${name}`);
      t.match(headers['www-authenticate'], /^Bearer realm="dronecast"/);
    }
    const scopes = ALL_SCOPES.split(' ')
      .filter((one) => one !== scope)
      .join(' ');
    const without = await send(await tokenFor({ scope: scopes }), options);
    t.match(without, { status: 403, body: { code: 'insufficient_scope' } }, `${route}: no scope`);
    const foreign = await send(await tokenFor({ drones: 'B*,C' }), options);
    t.equal(foreign.status, other, `${route}: another fleet`);
    t.notMatch(JSON.stringify(foreign.body), /A-1|Gate|camera/, 'and nothing of it shows');
    t.equal((await send(owner, options)).status, right, `${route}: right`);
  }
});

t.test('what is not the caller’s is as if it were not there', async (t) => {
  const { call } = await buildApi(t, {
    mode: 'secret',
    secret: SECRET,
    issuer: undefined,
    audience: 'dronecast',
  });
  const as = async (token: string, options: InjectOptions) =>
    call({ ...options, headers: { authorization: `Bearer ${token}` } });
  const all = await tokenFor();
  for (const serialNumber of ['A', 'B-1', 'B-2', 'C', 'D'])
    await as(all, { method: 'POST', url: '/api/v1/drones/register', payload: registration(serialNumber) });
  for (const serialNumber of ['A', 'B-1', 'D'])
    await as(all, { method: 'POST', url: `/api/v1/drones/sn/${serialNumber}/incidents`, payload: INCIDENT });

  const some = await tokenFor({ drones: 'B-*,D' });
  const serialNumbers: string[] = [];
  for (let url = '/api/v1/drones?limit=2'; url; ) {
    const { body } = await as(some, { url });
    serialNumbers.push(
      ...body.data.drones.map((drone: { deviceSerialNumber: string }) => drone.deviceSerialNumber),
    );
    url = body.nextCursor ? `/api/v1/drones?limit=2&cursor=${body.nextCursor}` : '';
  }
  t.same(serialNumbers, ['B-1', 'B-2', 'D']);
  const { incidents } = (await as(some, { url: '/api/v1/incidents' })).body.data;
  t.same(
    incidents.map((incident: { serialNumber: string }) => incident.serialNumber),
    ['D', 'B-1'],
  );
  t.same((await as(some, { url: '/api/v1/incidents?sn=A' })).body.results, 0);

  const strip = ({ body }: { body: { requestId: string } }) => ({ ...body, requestId: '' });
  t.same(
    strip(await as(some, { url: '/api/v1/drones/sn/A' })),
    strip(await as(some, { url: '/api/v1/drones/sn/NOBODY' })),
  );
  const taken = await as(some, {
    method: 'POST',
    url: '/api/v1/drones/register',
    payload: registration('A'),
  });
  const free = await as(some, {
    method: 'POST',
    url: '/api/v1/drones/register',
    payload: registration('AA'),
  });
  t.same([taken.status, strip(taken)], [403, strip(free)], 'whether it exists does not show');

  const { drone } = (await as(all, { url: '/api/v1/drones/sn/D' })).body.data;
  t.match(drone, { streamUrl: /pass-in-url/, streamCredentials: { password: 'very-secret' } });
  const reader = await as(await tokenFor({ scope: 'drones:read' }), { url: '/api/v1/drones/sn/D' });
  t.match(reader.body.data.drone, { streamUrl: 'rtsp://***@camera.example/1' });
  t.notMatch(JSON.stringify(reader.body), /very-secret|pass-in-url/);
  t.equal((await call({ url: `/api/v1/drones/sn/D?access_token=${all}` })).status, 200);
});
