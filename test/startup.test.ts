import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from './support/api.js';
import { testFolder } from './support/folder.js';
import { requiresOwnMongo, startOwnMongo } from './support/mongo-server.js';
import { runProcess, startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';
import { connectSocket, refusedUpgrade } from './support/socket-client.js';

const API = 'apps/api/dist/server.js';
const STANDALONE = 'apps/standalone/dist/server.js';
const RELAY = 'apps/relay/dist/server.js';
const KEY = Buffer.alloc(32, 'sesame').toString('base64');
const skip = (requiresRedis(t) && requiresOwnMongo(t)) || 'servers missing';

t.test('a wrong setting stops the start with one line that names it', async (t) => {
  const cases: [script: string, name: string, value: string][] = [
    [API, 'PORT', 'abc'],
    [API, 'PORT', '65536'],
    [API, 'LOG_LEVEL', 'loud'],
    [API, 'MONGODB_URL', 'http://db'],
    [API, 'REDIS_URL', 'localhost'],
    [API, 'REDIS_URL', 'redis://:ses ame/@cache:6379'],
    [RELAY, 'REDIS_URL', 'redis://:sesame%zz@cache'],
    [RELAY, 'REDIS_URL', 'rediss://:sesame@cache/first'],
    [RELAY, 'REDIS_MODE', 'replicated'],
    [RELAY, 'REDIS_NODES', 'redis://:sesame@a,b:6379'],
    [API, 'REDIS_WAIT_REPLICAS', '-1'],
    [API, 'RELAY_PUBLIC_URL', 'relay.example.com'],
    [API, 'MAP_SITE_PLAN', 'https://plans.example.com/a.png,1,2'],
    [API, 'MONGODB_URL', 'mongodb://pilot:ses/ame@db'],
    [API, 'MONGODB_URL', 'mongodb://pilot:sesame@'],
    [API, 'MONGODB_URL', 'mongodb://pilot:sesame@db/?tlsCAfile=a&tls=maybe'],
    [API, 'CREDENTIALS_KEY', 'c2VzYW1lLWlzLXRvby1zaG9ydA=='],
    [API, 'CREDENTIALS_KEY', '2026:c2VzYW1lLWlzLXRvby1zaG9ydA=='],
    [API, 'CREDENTIALS_KEY', `a:${KEY},a:${KEY}`],
    [API, 'CREDENTIALS_KEY', `a:${KEY},`],
    [API, 'CORS_ORIGINS', 'everybody'],
    [API, 'CORS_ORIGINS', '*'],
    [API, 'ALLOWED_HOSTS', 'https://drones.example.com'],
    [RELAY, 'ALLOWED_HOSTS', 'drones.example.com:3001'],
    [API, 'AUTH_MODE', 'basic'],
    [API, 'RATE_LIMIT_PER_MINUTE', '-1'],
    [API, 'TRUST_PROXY', 'everybody'],
    [API, 'TRUST_PROXY', '10.0.0.0/0'],
    [API, 'HISTORY_MAX_EVENTS', '0'],
    [API, 'HISTORY_MAX_BYTES', '1048575'],
    [API, 'MONGODB_URL_FILE', '/no/such/file'],
    [RELAY, 'MAX_PEERS', 'many'],
    [RELAY, 'HEARTBEAT_MS', '1'],
    [RELAY, 'PEER_BUFFER_BYTES', '10'],
    [RELAY, 'PEER_BUFFER_BYTES', '536870912'],
    [RELAY, 'PEERS_BUFFER_BYTES', '65536'],
    [RELAY, 'DRAIN_MS', '-1'],
  ];
  await Promise.all(
    cases.map(async ([script, name, value]) => {
      const { code, stderr } = await runProcess(t, script, { [name]: value });
      t.equal(code, 1, `${name}=${value}`);
      t.match(stderr, new RegExp(`^dronecast: ${name}\\b[^\\n]+\\n$`), `${name}=${value}`);
      t.notMatch(
        stderr,
        value.length > 5 && !name.endsWith('_FILE') ? value : '\u0000',
        'the value is not shown',
      );
      t.notMatch(stderr, /ses.?ame|c2Vz/, 'no part of a secret is shown');
    }),
  );
});

t.test('production does not start open, nor with secrets readable, by accident', async (t) => {
  const CREDENTIALS_KEY = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
  for (const script of [API, STANDALONE]) {
    const run = async (env: Record<string, string>) => {
      const { code, stderr } = await runProcess(t, script, {
        NODE_ENV: 'production',
        DATA_DIR: testFolder(t),
        ...env,
      });
      t.equal(code, 1, script);
      return stderr;
    };
    t.equal(
      await run({ CREDENTIALS_KEY }),
      'dronecast: AUTH_MODE must be set in production: jwt, or none\n',
      script,
    );
    const open = { AUTH_MODE: 'none', CREDENTIALS_KEY };
    t.match(await run({ ...open, CORS_ORIGINS: '*' }), /^dronecast: CORS_ORIGINS [^\n]+\n$/, script);
    t.match(await run({ AUTH_MODE: 'none' }), /^dronecast: CREDENTIALS_KEY [^\n]+\n$/, script);
    const short = { AUTH_MODE: 'jwt', JWT_SECRET: 'short', CREDENTIALS_KEY };
    t.equal(await run(short), 'dronecast: JWT_SECRET must be a secret of 32 or more bytes\n', script);
  }
});

t.test('servers that are away are waited for', { skip: skip !== true && skip }, async (t) => {
  const [mongoPort, redisPort] = [await freePort(), await freePort()];
  const env = {
    MONGODB_URL: `mongodb://127.0.0.1:${mongoPort}/dronecast`,
    MONGODB_TIMEOUT_MS: '500',
    REDIS_URL: `redis://127.0.0.1:${redisPort}`,
  };
  const [api, relay] = await Promise.all([startProcess(t, API, env), startProcess(t, RELAY, env)]);
  const ready = ({ url }: { url: string }) => call(url, 'GET', '/health/ready');

  t.equal((await call(api.url, 'GET', '/health/live')).status, 200);
  t.equal((await call(relay.url, 'GET', '/health/live')).status, 200);
  t.match(await ready(api), { status: 503, body: { missing: ['mongodb', 'redis'] } });
  t.match(await ready(relay), { status: 503, body: { missing: ['redis'] } });
  t.equal((await refusedUpgrade(`ws://127.0.0.1:${relay.port}/ws/events`)).status, 503);
  const refused = await call(api.url, 'POST', '/api/v1/drones/register', registration('WAIT-1'));
  t.match(refused, { status: 503, headers: { 'retry-after': /\d/ }, body: { code: 'store_unavailable' } });

  const mongo = await startOwnMongo(t, { port: mongoPort });
  await until(async () => (await ready(api)).status === 200);
  t.match((await ready(api)).body, { status: 'degraded', missing: ['redis'] });
  await until(async () => {
    const { status } = await call(api.url, 'POST', '/api/v1/drones/register', registration('WAIT-1'));
    return status === 201;
  });
  t.equal((await call(api.url, 'PATCH', '/api/v1/drones/sn/WAIT-1', { streamIsOn: true })).status, 200);
  t.match(
    (await ready(api)).body,
    { status: 'degraded', backlog: { drones: 1 } },
    'writes go on without Redis',
  );
  const broadcast = await call(api.url, 'POST', '/api/v1/system/broadcast', {
    message: 'hello',
    level: 'info',
  });
  t.match(broadcast, { status: 503, body: { code: 'bus_unavailable' } });

  const redis = await startRedis(t, { port: redisPort });
  await until(async () => (await ready(relay)).status === 200);
  await until(async () => (await ready(api)).body.backlog.drones === 0);
  t.match(await ready(api), { status: 200, body: { status: 'ready', missing: [] } });
  const client = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events?sn=WAIT-1`);
  await call(api.url, 'PATCH', '/api/v1/drones/sn/WAIT-1', { streamIsOn: false });
  t.match(await client.frames.next(), { event: 'drone.updated', revision: 3 });

  await redis.stop();
  await until(async () => (await ready(relay)).body.status === 'degraded');
  t.equal((await ready(relay)).status, 200, 'without Redis the relay keeps its sockets');
  await call(api.url, 'PATCH', '/api/v1/drones/sn/WAIT-1', { deviceName: 'while away' });
  await redis.restart();
  t.match(await client.frames.find(({ event }) => event === 'drone.updated'), { revision: 4 });

  await mongo.stop('SIGKILL');
  await until(async () => (await ready(api)).status === 503);
  t.match(await call(api.url, 'GET', '/api/v1/drones/sn/WAIT-1'), {
    status: 503,
    body: { code: 'store_unavailable' },
  });
  t.equal(client.socket.readyState, client.socket.OPEN, 'the relay does not notice');
});

t.test('SIGTERM stops both within 5 s, silent clients or not', { skip: skip !== true && skip }, async (t) => {
  const [redis, mongo] = await Promise.all([startRedis(t), startOwnMongo(t)]);
  const env = { REDIS_URL: redis.url, MONGODB_URL: mongo.url };
  const [api, relay] = await Promise.all([startProcess(t, API, env), startProcess(t, RELAY, env)]);
  await until(async () => (await call(relay.url, 'GET', '/health/ready')).status === 200);
  const client = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events`);
  const silent = connect(relay.port, '127.0.0.1');
  t.teardown(() => silent.destroy());
  silent.write(
    'GET /ws/events HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  await once(silent, 'readable');
  const start = Date.now();
  t.same(await Promise.all([api.stop(), relay.stop()]), [0, 0]);
  t.ok(Date.now() - start < 5000);
  t.equal((await client.frames.next()).event, 'relay.draining');
  t.equal((await client.closed).code, 1012);
});
