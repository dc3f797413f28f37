import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from './support/api.js';
import { createCertificate, requiresOpenssl } from './support/certificate.js';
import { requiresOwnMongo, startOwnMongo } from './support/mongo-server.js';
import { startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';
import { connectSocket } from './support/socket-client.js';

const API = 'apps/api/dist/server.js';
const RELAY = 'apps/relay/dist/server.js';
const PASSWORD = 'ses@me/and more';
const LOGIN = `dronecast:${encodeURIComponent(PASSWORD)}`;

/** As docs/SECRETS.md has it. */
const RULES = ['~{dronecast}:*', '~dronecast:*', '&drone:*', '&incidents:*', '&system:*'];
const COMMANDS = [
  '+@connection',
  '+@scripting',
  '+@read',
  '+@write',
  '+@stream',
  '+@pubsub',
  '+time',
  '-@dangerous',
  '+info',
];
const USER = ['--user', 'dronecast', 'on', `>${PASSWORD}`, 'resetchannels', ...RULES, ...COMMANDS];

const isReady = async ({ url }: { url: string }): Promise<boolean> => {
  const { status, body } = await call(url, 'GET', '/health/ready');
  return status === 200 && body.status === 'ready';
};

const skip = !(requiresRedis(t) && requiresOwnMongo(t) && requiresOpenssl(t)) && 'a program is missing';

t.test('a user that may do what is needed and no more, over TLS', { skip }, async (t) => {
  const { cert, key } = await createCertificate(t);
  const port = await freePort();
  const [mongo] = await Promise.all([
    startOwnMongo(t),
    startRedis(t, {
      port,
      args: [
        ...['--port', '0', '--tls-port', `${port}`, '--tls-cert-file', cert, '--tls-key-file', key],
        ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no', '--save', ''],
        ...['--user', 'default', 'off', ...USER],
      ],
    }),
  ]);
  const env = {
    MONGODB_URL: mongo.url,
    REDIS_URL: `rediss://${LOGIN}@127.0.0.1:${port}`,
    LOG_LEVEL: 'trace',
    NODE_EXTRA_CA_CERTS: cert,
  };
  const [api, relay] = await Promise.all([startProcess(t, API, env), startProcess(t, RELAY, env)]);
  await until(async () => (await isReady(api)) && (await isReady(relay)));
  const client = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events`);
  await call(api.url, 'POST', '/api/v1/drones/register', registration('TLS-1'));
  t.match(await client.frames.next(), { event: 'drone.created', serialNumber: 'TLS-1' });
  await call(api.url, 'DELETE', '/api/v1/drones/sn/TLS-1');
  t.match(await client.frames.next(), { event: 'drone.deleted', serialNumber: 'TLS-1' });
  const again = await connectSocket(
    t,
    `ws://127.0.0.1:${relay.port}/ws/events?since=${client.greeting.cursor}`,
  );
  t.match(await again.frames.take(2), [{ event: 'drone.created' }, { event: 'drone.deleted' }]);
  const message = { message: 'storm', level: 'info' };
  t.equal((await call(api.url, 'POST', '/api/v1/system/broadcast', message)).status, 202);
  t.match((await call(api.url, 'GET', '/api/v1/system/broadcasts')).body, {
    results: 1,
    data: { broadcasts: [{ event: 'system.broadcast', data: message }] },
  });
  t.notMatch(api.output() + relay.output(), /NOPERM|connection lost|list of broadcasts/);

  t.test('an authority that is not trusted, a wrong password: not ready, and the log says why', async (t) => {
    const strangers = [
      { reason: /self-signed certificate/, env: { ...env, NODE_EXTRA_CA_CERTS: '' } },
      { reason: /WRONGPASS/, env: { ...env, REDIS_URL: env.REDIS_URL.replace('ses', 'wrong') } },
    ];
    for (const { reason, env } of strangers) {
      const stranger = await startProcess(t, RELAY, env);
      await until(() => /connection lost/.test(stranger.output()));
      t.match(stranger.output(), reason);
      t.equal((await call(stranger.url, 'GET', '/health/ready')).status, 503);
      t.notMatch(stranger.output(), /ses(@|%40)me|wrong(@|%40)me/);
    }
  });
});

t.test('a server with one password for all', { skip }, async (t) => {
  const { port } = await startRedis(t, { args: ['--save', '', '--requirepass', PASSWORD] });
  const REDIS_URL = `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
  const relay = await startProcess(t, RELAY, { REDIS_URL });
  await until(() => isReady(relay));
  t.notMatch(relay.output(), /connection lost/);
});
