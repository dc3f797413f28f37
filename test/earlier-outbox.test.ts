import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SCOPES, signToken } from '@dronecast/auth';
import { freePort } from '@dronecast/testbed';
import t from 'tap';
import { call, registration } from './support/api.js';
import { EARLIER_COMMIT, earlierBuild } from './support/earlier-build.js';
import { requiresMongo, startMongo } from './support/mongo-server.js';
import { startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';
import { connectSocket } from './support/socket-client.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const hasAll = [requiresRedis(t), requiresMongo(t)].every(Boolean);
const skip = !hasAll && 'no servers';

t.test(
  'each version publishes what the other has committed, with or without an actor',
  { skip },
  async (t) => {
    const earlier = await earlierBuild(t, EARLIER_COMMIT);
    if (earlier === undefined) return;
    const content = { sub: 'operator-7', scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 };
    const token = await signToken(content, SECRET);
    const headers = { authorization: `Bearer ${token}` };
    for (const { from, to, relayOf, actor } of [
      { from: ROOT, to: earlier, relayOf: earlier, actor: 'operator-7' },
      { from: earlier, to: ROOT, relayOf: ROOT, actor: undefined },
    ]) {
      const [mongo, port] = [await startMongo(t), await freePort()];
      const env = {
        MONGODB_URL: mongo.url,
        REDIS_URL: `redis://127.0.0.1:${port}`,
        AUTH_MODE: 'jwt',
        JWT_SECRET: SECRET,
      };
      const start = (folder: string, app: string) =>
        startProcess(t, join(folder, `apps/${app}/dist/server.js`), env);
      const writer = await start(from, 'api');
      await until(async () => (await fetch(`${writer.url}/health/ready`)).ok);
      const drones = '/api/v1/drones';
      const incident = { imageUrl: 'https://images.example/1.jpg', objectBBox: [1, 2, 3, 4] };
      for (const [method, path, body, status] of [
        ['POST', `${drones}/register`, registration('A-1'), 201],
        ['PATCH', `${drones}/sn/A-1`, { streamIsOn: true }, 200],
        ['POST', `${drones}/sn/A-1/incidents`, incident, 201],
        ['DELETE', `${drones}/sn/A-1`, undefined, 204],
      ] as const)
        t.equal((await call(writer.url, method, path, body, headers)).status, status, `${method} ${path}`);
      t.equal(await writer.stop('SIGKILL'), null, 'while Redis is away, so that all of it waits');

      await startRedis(t, { port });
      const relay = await start(relayOf, 'relay');
      await until(async () => (await fetch(`${relay.url}/health/ready`)).ok);
      const client = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events?access_token=${token}`);
      const publisher = await start(to, 'api');
      t.match(await client.frames.take(5), [
        { event: 'drone.created', actor },
        { event: 'drone.updated', actor },
        { event: 'drone.stream.status', actor },
        { event: 'drone.incident.detected', actor },
        { event: 'drone.deleted', actor },
      ]);
      await until(async () => {
        const { body } = await call(publisher.url, 'GET', '/health/ready');
        return body.backlog?.drones === 0;
      });
      t.equal(
        (await call(publisher.url, 'GET', `${drones}/sn/A-1/incidents`, undefined, headers)).body.results,
        1,
      );
    }
  },
);
