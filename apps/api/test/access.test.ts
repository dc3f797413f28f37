import { type AuthOptions, SCOPES, signToken, type TokenContent } from '@dronecast/auth';
import type { InjectOptions } from 'fastify';
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import t, { type Test } from 'tap';
import { buildApi, type TestApi } from './build-api.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const AUTH: AuthOptions = { mode: 'secret', secret: SECRET, issuer: undefined, audience: 'fleet' };
const DRONES = '/api/v1/drones';
const REQUEST_ID = 'the-request';

const content: TokenContent = {
  sub: 'ops',
  scope: SCOPES.join(' '),
  drones: '*',
  expiresInSeconds: 3600,
  aud: 'fleet',
};
const tokenWith = (more: Partial<TokenContent>, secret = SECRET) =>
  signToken({ ...content, ...more }, secret);
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** The drone that a request is about, whether it is there or not. */
interface Target {
  readonly sn: string;
  readonly id: string;
}

interface Route {
  readonly name: string;
  readonly scope: string;
  readonly request: (target: Target) => InjectOptions;
  /** What the owner gets. */
  readonly right: number;
  /** What the owner of other drones gets; a 404 is the one of a drone that does not exist. */
  readonly otherFleet: number;
  /** Whoever has the scope gets all of it. */
  readonly isForAll?: true;
  /** Whether a 200 names the drone as the caller did, with a result as if it did not exist. */
  readonly hasResults?: boolean;
}

const byKey = (
  method: 'GET' | 'PATCH' | 'DELETE',
  more: Pick<Route, 'scope' | 'right'>,
  payload?: object,
): Route[] =>
  (['/{id}', '/sn/{sn}'] as const).map((path) => ({
    name: `${method} ${DRONES}${path}`,
    otherFleet: 404,
    request: ({ id, sn }) => ({
      method,
      url: `${DRONES}${path.replace('{id}', id).replace('{sn}', sn)}`,
      ...(payload && { payload }),
    }),
    ...more,
  }));

const registration = (deviceSerialNumber: string) => ({
  deviceSerialNumber,
  deviceName: 'Gate',
  deviceCategory: 'CCTV',
  streamUrl: 'rtsp://cam:hush1@10.0.0.1/',
  webRTCUrl: 'https://cam:hush2@10.0.0.1/',
  streamCredentials: { userName: 'cam', password: 'hush3' },
});
const incident = { imageUrl: 'https://images.example/1.jpg', objectBBox: [1, 2, 3, 4] };

const ROUTES: readonly Route[] = [
  ...byKey('GET', { scope: 'drones:read', right: 200 }),
  ...byKey('PATCH', { scope: 'drones:write', right: 200 }, { deviceName: 'changed' }),
  ...byKey('DELETE', { scope: 'drones:write', right: 204 }),
  {
    name: `POST ${DRONES}/bulk`,
    scope: 'drones:write',
    right: 200,
    otherFleet: 200,
    hasResults: true,
    request: ({ sn }) => ({
      method: 'POST',
      url: `${DRONES}/bulk`,
      payload: { drones: [{ serialNumber: sn }], patch: { deviceName: 'changed' } },
    }),
  },
  {
    name: `POST ${DRONES}/register`,
    scope: 'drones:write',
    right: 201,
    otherFleet: 403,
    request: ({ sn }) => ({ method: 'POST', url: `${DRONES}/register`, payload: registration(`${sn}-new`) }),
  },
  {
    name: `GET ${DRONES}`,
    scope: 'drones:read',
    right: 200,
    otherFleet: 200,
    request: () => ({ url: DRONES }),
  },
  {
    name: `POST ${DRONES}/sn/{sn}/incidents`,
    scope: 'incidents:write',
    right: 201,
    otherFleet: 404,
    request: ({ sn }) => ({ method: 'POST', url: `${DRONES}/sn/${sn}/incidents`, payload: incident }),
  },
  {
    name: `GET ${DRONES}/sn/{sn}/incidents`,
    scope: 'drones:read',
    right: 200,
    otherFleet: 404,
    request: ({ sn }) => ({ url: `${DRONES}/sn/${sn}/incidents` }),
  },
  {
    name: 'GET /api/v1/incidents',
    scope: 'drones:read',
    right: 200,
    otherFleet: 200,
    request: () => ({ url: '/api/v1/incidents' }),
  },
  {
    name: 'POST /api/v1/system/broadcast',
    scope: 'system:broadcast',
    right: 202,
    otherFleet: 202,
    request: () => ({
      method: 'POST',
      url: '/api/v1/system/broadcast',
      payload: { message: 'hello', level: 'info' },
    }),
  },
  {
    name: 'GET /api/v1/system/broadcasts',
    scope: 'events:read',
    right: 200,
    otherFleet: 200,
    isForAll: true,
    request: () => ({ url: '/api/v1/system/broadcasts' }),
  },
];
const PUBLIC = ['GET /health/live', 'GET /health/ready'];

const nowSeconds = () => Math.floor(Date.now() / 1000);
const claims = (): JWTPayload => {
  const { sub, scope, drones } = content;
  return { sub, scope, drones, aud: 'fleet', exp: nowSeconds() + 3600 };
};

/** What a caller may come with, for a route that takes a scope. */
const CALLERS: Record<string, (scope: string) => Promise<string | undefined>> = {
  'no token': async () => undefined,
  garbage: async () => 'garbage.of.three',
  'alg:none': async () => new UnsecuredJWT(claims()).encode(),
  'wrong key': () => tokenWith({}, `${SECRET}!`),
  expired: () => tokenWith({ expiresInSeconds: -60 }),
  'not yet valid': () =>
    new SignJWT({ ...claims(), nbf: nowSeconds() + 60 })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET)),
  'wrong audience': () => tokenWith({ aud: 'others' }),
  'scope missing': (scope) => tokenWith({ scope: SCOPES.filter((name) => name !== scope).join(' ') }),
  'other fleet': () => tokenWith({ drones: 'X-*,TARGET-,TARGET' }),
  right: (scope) => tokenWith({ scope, drones: 'TARGET-*' }),
};

const CODES: Record<string, string> = {
  'no token': 'missing_token',
  expired: 'expired_token',
  'scope missing': 'insufficient_scope',
};

function expectedStatus(caller: string, route: Route): number {
  if (caller === 'right') return route.right;
  if (caller === 'other fleet') return route.otherFleet;
  return caller === 'scope missing' ? 403 : 401;
}

async function buildSecured(t: Test) {
  const api = await buildApi(t, { auth: AUTH });
  const admin = bearer(await tokenWith({}));
  let count = 0;
  /** A drone with one incident. */
  async function createTarget(): Promise<Target> {
    count += 1;
    const sn = `TARGET-${count}`;
    const created = await api.call({
      method: 'POST',
      url: `${DRONES}/register`,
      payload: registration(sn),
      headers: admin,
    });
    await api.call({
      method: 'POST',
      url: `${DRONES}/sn/${sn}/incidents`,
      payload: incident,
      headers: admin,
    });
    return { sn, id: created.body.data.drone.id };
  }
  return { ...api, admin, createTarget };
}

/** An answer without what differs from one moment to the next. */
async function answerOf({ app }: Pick<TestApi, 'app'>, request: InjectOptions, token: string | undefined) {
  const headers = { 'x-request-id': REQUEST_ID, ...(token !== undefined && bearer(token)) };
  const { statusCode: status, headers: all, body: text } = await app.inject({ ...request, headers });
  const { date: _date, ...answered } = all;
  return { status, headers: answered, text };
}

const MISSING: Target = { sn: 'NOBODY', id: '0123456789abcdef01234567' };

t.test('each route and each caller', async (t) => {
  const api = await buildSecured(t);
  for (const route of ROUTES) {
    for (const [caller, tokenFor] of Object.entries(CALLERS)) {
      const title = `${route.name}, ${caller}`;
      const target = await api.createTarget();
      const token = await tokenFor(route.scope);
      const before = api.published.length;
      const answer = await answerOf(api, route.request(target), token);
      const status = expectedStatus(caller, route);
      t.equal(answer.status, status, title);
      if (caller === 'right') continue;

      const text = route.hasResults ? answer.text.replaceAll(target.sn, MISSING.sn) : answer.text;
      t.notMatch(text, /TARGET-\d+"|hush/, `${title}: nothing leaks`);
      const { body } = await api.call({ url: `${DRONES}/sn/${target.sn}`, headers: api.admin });
      t.match(body.data.drone, { revision: 1, deviceName: 'Gate' }, `${title}: nothing has changed`);
      if (status >= 400) t.equal(api.published.length, before, `${title}: nothing is published`);
      if (status === 401 || caller === 'scope missing') {
        t.match(JSON.parse(answer.text), { status, code: CODES[caller] ?? 'invalid_token' }, title);
        t.match(answer.headers['www-authenticate'], /^Bearer realm="dronecast"/, title);
      }
      if (status === 404) {
        t.same(answer, await answerOf(api, route.request(MISSING), token), `${title}: as if it were missing`);
      }
      if (status !== 200) continue;
      if (route.isForAll) t.ok(JSON.parse(answer.text).results > 0, title);
      else if (!route.hasResults) t.match(JSON.parse(answer.text), { results: 0 }, title);
      else
        t.equal(text, (await answerOf(api, route.request(MISSING), token)).text, `${title}: as if missing`);
    }
  }
});

t.test('the matrix knows every route', async (t) => {
  const { call } = await buildSecured(t);
  const { body } = await call({ url: '/openapi.json' });
  const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.same(documented.sort(), [...ROUTES.map(({ name }) => name), ...PUBLIC].sort());
  t.match(body.components.securitySchemes, { bearer: { scheme: 'bearer' } });
  for (const route of [...PUBLIC, 'GET /openapi.json', 'GET /docs/']) {
    const { status } = await answerOf(
      { app: (await buildApi(t, { auth: AUTH })).app },
      { url: route.split(' ')[1]! },
      'x',
    );
    t.equal(status, 200, route);
  }
});

t.test('whether a serial number is taken is not told to those who do not own it', async (t) => {
  const api = await buildSecured(t);
  const { sn } = await api.createTarget();
  const token = await tokenWith({ drones: 'MINE-*' });
  const register = (serialNumber: string) =>
    answerOf(api, { method: 'POST', url: `${DRONES}/register`, payload: registration(serialNumber) }, token);
  const taken = await register(sn);
  const free = await register('FREE-1');
  t.match(JSON.parse(taken.text), { status: 403, code: 'forbidden' });
  t.same(taken.text.replaceAll(sn, '?'), free.text.replaceAll('FREE-1', '?'));
  t.equal((await register('MINE-1')).status, 201);
});

t.test('lists show what is owned, page by page', async (t) => {
  const { call, admin } = await buildSecured(t);
  for (const sn of ['A-1', 'B-1', 'A-2', 'B-2', 'A-3', 'C-1']) {
    await call({ method: 'POST', url: `${DRONES}/register`, payload: registration(sn), headers: admin });
    await call({ method: 'POST', url: `${DRONES}/sn/${sn}/incidents`, payload: incident, headers: admin });
  }
  const token = await tokenWith({ drones: 'A-*,C-1,Z', scope: 'drones:read' });
  for (const [path, list, name] of [
    [DRONES, 'drones', 'deviceSerialNumber'],
    ['/api/v1/incidents', 'incidents', 'serialNumber'],
  ] as const) {
    const seen: string[] = [];
    let url: string | undefined = `${path}?limit=2&access_token=${token}`;
    while (url) {
      const { body, headers } = await call({ url });
      seen.push(...body.data[list].map((item: Record<string, string>) => item[name]));
      const link = /^<(.+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1];
      t.notMatch(link, /access_token/, 'the token is not repeated');
      url = link && `${link}&access_token=${token}`;
    }
    t.same(seen.sort(), ['A-1', 'A-2', 'A-3', 'C-1'], path);
  }
  const incidentsOf = async (query: string) =>
    (await call({ url: `/api/v1/incidents?${query}`, headers: bearer(token) })).body.results;
  t.equal(await incidentsOf('sn=A-2'), 1);
  t.equal(await incidentsOf('sn=B-2'), 0);
});

t.test('a later page of incidents tells no more than the first', async (t) => {
  const api = await buildSecured(t);
  const { sn } = await api.createTarget();
  const token = await tokenWith({ drones: 'MINE-*' });
  const cursor = Buffer.from(JSON.stringify(['2999-01-01T00:00:00.000Z', 'f'.repeat(24)])).toString(
    'base64url',
  );
  const read = (serialNumber: string) =>
    answerOf(api, { url: `${DRONES}/sn/${serialNumber}/incidents?cursor=${cursor}` }, token);
  t.same(await read(sn), await read('NOBODY'));
});

t.test('preconditions and bad bodies tell no more', async (t) => {
  const api = await buildSecured(t);
  const { sn } = await api.createTarget();
  const token = await tokenWith({ drones: 'MINE-*' });
  const patch = (serialNumber: string, payload: object, ifMatch: string) =>
    api.app.inject({
      method: 'PATCH',
      url: `${DRONES}/sn/${serialNumber}`,
      payload,
      headers: { ...bearer(token), 'if-match': ifMatch, 'x-request-id': REQUEST_ID },
    });
  for (const [payload, ifMatch] of [
    [{}, '"other"'],
    [{ colour: 'red' }, '*'],
    [{ deviceName: 'x' }, 'bad'],
  ] as const) {
    const [others, missing] = [await patch(sn, payload, ifMatch), await patch('NOBODY', payload, ifMatch)];
    t.equal(others.statusCode, missing.statusCode);
    t.equal(others.body, missing.body);
  }
});

t.test('stream secrets take a scope of their own', async (t) => {
  const { call, createTarget } = await buildSecured(t);
  const { sn, id } = await createTarget();
  for (const url of [`${DRONES}/sn/${sn}`, `${DRONES}/${id}`]) {
    const read = async (scope: string) => call({ url, headers: bearer(await tokenWith({ scope })) });
    const without = await read('drones:read drones:write');
    t.notMatch(JSON.stringify(without.body), /hush/);
    t.match(without.body.data.drone, {
      streamUrl: 'rtsp://***@10.0.0.1/',
      streamCredentials: { userName: 'cam', password: undefined },
    });
    const allowed = await read('drones:read credentials:read');
    t.match(allowed.body.data.drone, {
      streamUrl: 'rtsp://cam:hush1@10.0.0.1/',
      webRTCUrl: 'https://cam:hush2@10.0.0.1/',
      streamCredentials: { password: 'hush3' },
    });
    t.equal(allowed.headers['cache-control'], 'private, no-cache');
    t.equal((await read('credentials:read')).status, 403, 'which is none to read drones with');
  }
});

t.test('a browser may ask what is allowed without a token, and read why it was refused', async (t) => {
  const { app } = await buildApi(t, { auth: AUTH, corsOrigins: ['https://ops.example'] });
  const headers = { origin: 'https://ops.example' };
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: DRONES,
    headers: { ...headers, 'access-control-request-method': 'GET' },
  });
  t.equal(preflight.statusCode, 204);
  const refused = await app.inject({ url: DRONES, headers });
  t.equal(refused.statusCode, 401);
  t.equal(refused.headers['access-control-allow-origin'], 'https://ops.example');
});
