import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFastify } from '@dronecast/runtime';
import websocket from '@fastify/websocket';
import { Type } from '@sinclair/typebox';
import type { Test } from 'tap';
import t from 'tap';
import { WebSocket } from 'ws';
import {
  type AuthOptions,
  authPlugin,
  createAuthenticator,
  markPublic,
  selectSubprotocol,
} from '../src/index.js';
import { createKey, inAnHour, type Key, nowSeconds, SECRET, signWith, silent, startIssuer } from './keys.js';

const SECRET_MODE = { mode: 'secret', secret: SECRET, issuer: undefined, audience: undefined } as const;
const tokenFor = (scope: string, exp = inAnHour()) =>
  signWith(SECRET, { sub: 'ops', exp, scope, drones: 'A' });

async function buildApp(t: Test, options: AuthOptions = SECRET_MODE) {
  const app = createFastify({ logLevel: 'silent' });
  const writes: unknown[] = [];
  app.register(websocket, { options: { handleProtocols: selectSubprotocol } });
  app.register(authPlugin, { authenticator: createAuthenticator(options, { log: silent }) });
  app.register(async (routes) => {
    const querystring = Type.Object({ q: Type.Optional(Type.String()) }, { additionalProperties: false });
    routes.get(
      '/drones',
      { config: { access: 'drones:read' }, schema: { querystring } },
      async (request) => ({
        subject: request.access.subject,
        drones: [...request.access.drones],
      }),
    );
    routes.post('/drones', { config: { access: 'drones:write' } }, async ({ body }) => writes.push(body));
    routes.get('/health', { config: { access: 'public' } }, async ({ access }) => ({
      scopes: access.scopes.size,
      drones: access.drones.size,
    }));
    routes.get('/ws', { websocket: true, config: { access: 'events:read' } }, (socket, request) => {
      socket.send(String(request.access.subject));
    });
  });
  app.register(async (docs) => {
    docs.addHook('onRoute', markPublic);
    docs.register(async (others) => {
      others.get('/docs', async () => 'docs');
    });
  });
  t.teardown(() => app.close());
  await app.ready();
  return { app, writes };
}

t.test('each refusal has its status, its code and its challenge', async (t) => {
  const { app, writes } = await buildApp(t);
  const cases: [name: string, token: string | undefined, status: number, code: string, challenge: string][] =
    [
      ['none', undefined, 401, 'missing_token', 'Bearer realm="dronecast"'],
      [
        'garbage',
        'x',
        401,
        'invalid_token',
        'error="invalid_token", error_description="The token is not valid"',
      ],
      [
        'expired',
        await tokenFor('drones:write', nowSeconds() - 60),
        401,
        'expired_token',
        'error="invalid_token"',
      ],
      ['scope', await tokenFor('drones:read'), 403, 'insufficient_scope', 'error="insufficient_scope"'],
      ['scope told', await tokenFor(''), 403, 'insufficient_scope', 'scope="drones:write"'],
    ];
  for (const [name, token, status, code, challenge] of cases) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await app.inject({ method: 'POST', url: '/drones', headers, payload: { a: 1 } });
    t.equal(answer.statusCode, status, name);
    t.match(answer.headers['content-type'], 'application/problem+json', name);
    t.match(answer.json(), { status, code, requestId: String }, name);
    t.ok(String(answer.headers['www-authenticate']).includes(challenge), name);
  }
  t.same(writes, [], 'nothing got through');
});

t.test('the right token gets through, from header or query', async (t) => {
  const { app } = await buildApp(t);
  const token = await tokenFor('drones:read');
  const byHeader = await app.inject({ url: '/drones?q=1', headers: { authorization: `Bearer ${token}` } });
  t.same(byHeader.json(), { subject: 'ops', drones: ['A'] });
  t.equal(byHeader.headers['cache-control'], undefined);

  const byQuery = await app.inject({ url: `/drones?q=1&access_token=${token}` });
  t.same(byQuery.json(), { subject: 'ops', drones: ['A'] }, 'no schema has to know of the parameter');
  t.equal(byQuery.headers['cache-control'], 'private');

  const twice = await app.inject({
    url: `/drones?access_token=${token}`,
    headers: { authorization: `Bearer ${token}` },
  });
  t.match(twice.json(), { status: 400, code: 'invalid_request' });
});

t.test('who is refused learns nothing of what the route would say', async (t) => {
  const { app } = await buildApp(t);
  const answer = await app.inject({
    method: 'POST',
    url: '/drones',
    payload: '{',
    headers: { 'content-type': 'application/json' },
  });
  t.equal(answer.statusCode, 401, 'the body is not even looked at');
  t.equal((await app.inject({ url: '/drones?unknown=1' })).statusCode, 401);
});

t.test('public routes ask nobody and allow nothing', async (t) => {
  const { app } = await buildApp(t);
  const token = await tokenFor('drones:read');
  for (const authorization of ['', 'Bearer garbage', `Bearer ${token}`]) {
    const answer = await app.inject({ url: '/health', headers: { authorization } });
    t.same(answer.json(), { scopes: 0, drones: 0 });
  }
  t.equal((await app.inject({ url: '/docs' })).statusCode, 200, 'routes of others');
  t.equal((await app.inject({ method: 'HEAD', url: '/docs' })).statusCode, 200);
  t.equal((await app.inject({ method: 'HEAD', url: '/drones' })).statusCode, 401);
  t.match((await app.inject({ url: '/nowhere' })).json(), { status: 404, code: 'route_not_found' });
});

t.test('with no authentication every route is open', async (t) => {
  const { app } = await buildApp(t, { mode: 'none' });
  t.same((await app.inject({ url: '/drones?access_token=x' })).json(), { drones: ['*'] });
  t.equal((await app.inject({ method: 'POST', url: '/drones', payload: { a: 1 } })).statusCode, 200);
});

t.test('keys that cannot be had are no fault of the caller', async (t) => {
  const jwksUrl = new URL('http://127.0.0.1:1/jwks.json');
  const { app } = await buildApp(t, { mode: 'issuer', jwksUrl, issuer: undefined, audience: undefined });
  const key = await createKey('1');
  const answer = await app.inject({
    url: '/drones',
    headers: { authorization: `Bearer ${await key.sign()}` },
  });
  t.match(answer.json(), { status: 503, code: 'keys_unavailable' });
  t.equal(answer.headers['retry-after'], '5');
  t.equal(answer.headers['www-authenticate'], undefined);
});

t.test('a key that may be a new one is worth another try, once the issuer may be asked again', async (t) => {
  const [known, other] = [await createKey('1'), await createKey('2')];
  const { url: jwksUrl, state } = await startIssuer(t, [known]);
  const { app } = await buildApp(t, { mode: 'issuer', jwksUrl, issuer: undefined, audience: undefined });
  const ask = async (key: Key) =>
    app.inject({ url: '/drones', headers: { authorization: `Bearer ${await key.sign()}` } });
  t.equal((await ask(known)).statusCode, 403);
  const answer = await ask(other);
  t.match(answer.json(), { status: 503, code: 'keys_unavailable' });
  t.match(answer.headers['retry-after'], /^(?:9|10)$/);
  t.equal(state.fetches, 1);
});

t.test('a route that does not say who may call it stops the start', async (t) => {
  const build = () => {
    const app = createFastify({ logLevel: 'silent' });
    t.teardown(() => app.close());
    return app;
  };
  const authenticator = createAuthenticator(SECRET_MODE, { log: silent });
  const app = build();
  app.register(authPlugin, { authenticator });
  app.register(async (routes) => {
    routes.get('/open', async () => 'open');
  });
  await t.rejects(async () => app.ready(), {
    message: 'GET /open says not in config.access who may call it',
  });

  // Registered before the plugin could see it.
  const early = build();
  early.get('/early', async () => 'open');
  early.register(authPlugin, { authenticator });
  const headers = { authorization: `Bearer ${await tokenFor('drones:read')}` };
  t.equal((await early.inject({ url: '/early' })).statusCode, 401);
  t.equal((await early.inject({ url: '/early', headers })).statusCode, 403);
});

t.test('a WebSocket is refused before its upgrade, and never answered its token', async (t) => {
  const { app } = await buildApp(t);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/ws`;
  const connect = (address: string, protocols: string[] = []) => {
    const socket = new WebSocket(address, protocols);
    socket.on('error', () => {});
    t.teardown(() => socket.terminate());
    return socket;
  };

  const refusals: [token: string | undefined, status: number][] = [
    [undefined, 401],
    ['garbage', 401],
    [await tokenFor('drones:read'), 403],
  ];
  for (const [token, status] of refusals) {
    const socket = connect(url, token ? ['dronecast', `bearer.${token}`] : []);
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
    t.equal(answer.statusCode, status);
    t.match(answer.headers['www-authenticate'], /^Bearer realm="dronecast"/);
    answer.destroy();
  }

  const token = await tokenFor('events:read');
  const offered = connect(url, [`bearer.${token}`, 'dronecast']);
  t.equal(String((await once(offered, 'message'))[0]), 'ops');
  t.equal(offered.protocol, 'dronecast');
  const asked = connect(`${url}?access_token=${token}`);
  t.equal(String((await once(asked, 'message'))[0]), 'ops');
});
