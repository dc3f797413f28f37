import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES, signToken } from '@dronecast/auth';
import { freePort } from '@dronecast/testbed';
import t, { type Test } from 'tap';
import { call, registration } from '../../test/support/api.js';
import { useDeviceNames } from '../../test/support/device-names.js';
import { requiresMongo, startMongo } from '../../test/support/mongo-server.js';
import { requiresNginx, startNginx } from '../../test/support/nginx.js';
import { startProcess } from '../../test/support/process.js';
import { until } from '../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../test/support/redis-server.js';
import { connectSocket, refusedUpgrade } from '../../test/support/socket-client.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const TEMPLATE = readFileSync(new URL('../gateway.conf.template', import.meta.url), 'utf8');
const hasAll = [requiresNginx(t), requiresRedis(t), requiresMongo(t)].every(Boolean);

/** As the image of nginx does: names in the template become what the environment says. */
const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\$\{(\w+)\}/g, (_all, name) => values[name] ?? '');

/** The gateway of docker-compose.yml in front of an API and a relay. */
async function startGateway(t: Test, settings: Readonly<Record<string, string>>) {
  const [redis, mongo, port] = await Promise.all([startRedis(t), startMongo(t), freePort()]);
  const env = { REDIS_URL: redis.url, TRUST_PROXY: '1', ...settings };
  const api = await startProcess(t, 'apps/api/dist/server.js', { ...env, MONGODB_URL: mongo.url });
  const relay = await startProcess(t, 'apps/relay/dist/server.js', env);

  const folder = t.testdir();
  const log = join(folder, 'access.log');
  const server = fill(TEMPLATE, {
    PORT: `127.0.0.1:${port}`,
    API: `127.0.0.1:${api.port}`,
    RELAY: `127.0.0.1:${relay.port}`,
    RESOLVER: '127.0.0.1',
  }).replace('/dev/stdout', log);
  const url = `http://127.0.0.1:${port}`;
  await startNginx(t, folder, server, `${url}/health/ready`);
  await until(async () => (await fetch(`${relay.url}/health/ready`)).ok);
  return { url, log };
}

t.test(
  'one origin for page, API and relay, whose log holds no token',
  { skip: !hasAll && 'nginx or servers missing' },
  async (t) => {
    const { url, log } = await startGateway(t, { AUTH_MODE: 'jwt', JWT_SECRET: SECRET });
    t.match(await (await fetch(url)).text(), '<title>Dronecast</title>');
    const missing = await fetch(`${url}/flet`, { headers: { accept: 'text/html, */*;q=0.8' } });
    t.equal(missing.status, 404);
    t.match(await missing.text(), '<h1>Page not found</h1>');
    t.equal((await fetch(`${url}/asyncapi.json`)).status, 200);
    t.equal((await fetch(`${url}/metrics`)).status, 404);
    const token = await signToken(
      { sub: 'ops', scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 },
      SECRET,
    );
    const headers = { authorization: `Bearer ${token}` };
    const events = `${url.replace('http', 'ws')}/ws/events?access_token=${token}`;
    const socket = await connectSocket(t, events, { origin: url });
    t.equal((await refusedUpgrade(events, { origin: 'https://evil.example' })).status, 403);
    const stream = await fetch(`${url}/sse/events`, { headers: { ...headers, origin: url } });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    t.match((await reader.read()).value, 'relay.connected');

    t.equal(
      (await call(url, 'POST', '/api/v1/drones/register', registration('GATE-1'), headers)).status,
      201,
    );
    t.match(await socket.frames.next(), { event: 'drone.created', serialNumber: 'GATE-1' });
    let text = '';
    while (!text.includes('drone.created')) text += (await reader.read()).value;
    await reader.cancel();
    socket.socket.close();
    await until(() => readFileSync(log, 'utf8').includes('/ws/events'));
    t.notMatch(readFileSync(log, 'utf8'), /access_token|eyJ/);
  },
);

t.test(
  'a large bulk change gets through, and an answer is encoded once',
  { skip: !hasAll && 'nginx or servers missing' },
  async (t) => {
    const { url } = await startGateway(t, {});
    const drones = Array.from({ length: 500 }, (_, n) => ({
      serialNumber: `${n}`.padStart(64, 'A'),
      revision: 100_000,
    }));
    const patch = { cameras: Array.from({ length: 100 }, () => 'c'.repeat(200)) };
    const body = { drones: [...drones.slice(1), { serialNumber: 'NOBODY' }], patch };
    t.ok(JSON.stringify(body).length > 64 * 1024);
    const { status, body: answer } = await call(url, 'POST', '/api/v1/drones/bulk', body);
    t.equal(status, 200);
    t.equal(answer.data.results.length, 500);
    const document = await fetch(`${url}/openapi.json`, { headers: { 'accept-encoding': 'gzip' } });
    t.equal(document.headers.get('content-encoding'), 'gzip');
    t.match(await document.json(), { info: { title: 'Dronecast' } });
  },
);

t.test(
  'serial numbers of real devices get through',
  { skip: !hasAll && 'nginx or servers missing' },
  async (t) => {
    const { url } = await startGateway(t, {});
    await useDeviceNames(t, url);
  },
);
