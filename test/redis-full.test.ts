import { createClient } from 'redis';
import t from 'tap';
import { call, registration } from './support/api.js';
import { requiresMongo, startMongo } from './support/mongo-server.js';
import { startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';
import { connectSocket } from './support/socket-client.js';

const skip = !(requiresRedis(t) && requiresMongo(t)) && 'redis-server or MongoDB missing';
const MiB = 1024 * 1024;
const BROADCAST = { message: 'hello', level: 'info' };

t.test(
  'a Redis that others have filled is announced, and everything goes on when they go',
  { skip },
  async (t) => {
    const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
    const client = createClient({ url: redis.url });
    await client.connect();
    t.teardown(() => client.destroy());
    await client.set('of-another-program', 'x'.repeat(24 * MiB));
    await client.configSet('maxmemory', `${20 * MiB}`);

    const env = { REDIS_URL: redis.url, MONGODB_URL: mongo.url };
    const [api, relay] = await Promise.all([
      startProcess(t, 'apps/api/dist/server.js', env),
      startProcess(t, 'apps/relay/dist/server.js', env),
    ]);
    const ready = (url: string) => call(url, 'GET', '/health/ready');
    await until(async () => (await ready(api.url)).body.status !== 'unavailable');

    t.equal((await call(api.url, 'POST', '/api/v1/drones/register', registration('FULL-1'))).status, 201);
    for (const deviceName of ['a', 'b'])
      t.equal((await call(api.url, 'PATCH', '/api/v1/drones/sn/FULL-1', { deviceName })).status, 200);
    t.match(await call(api.url, 'POST', '/api/v1/system/broadcast', BROADCAST), {
      status: 503,
      body: { code: 'bus_unavailable' },
    });
    t.match(await call(api.url, 'GET', '/api/v1/system/broadcasts'), { status: 200, body: { results: 0 } });
    t.match(await ready(api.url), {
      status: 200,
      body: { status: 'degraded', missing: ['redis memory'], backlog: { drones: 1 } },
    });
    t.match(api.output(), /Redis is out of memory \(maxmemory 20971520\)/);
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    t.match(metrics, /^dronecast_publish_failures_total [1-9]/m);
    t.match(await ready(relay.url), { status: 503, body: { status: 'unavailable' } });
    await until(() => /redis is out of memory/.test(relay.output()));

    await client.del('of-another-program');
    await until(async () => (await ready(relay.url)).status === 200);
    await until(async () => {
      const { body } = await ready(api.url);
      return body.status === 'ready' && body.backlog.drones === 0;
    });
    const socket = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events`);
    t.equal((await call(api.url, 'POST', '/api/v1/system/broadcast', BROADCAST)).status, 202);
    t.match(await socket.frames.find(({ event }) => event === 'system.broadcast'), { data: BROADCAST });
    t.same(await client.keys('{dronecast}:seq:broadcast*'), [], 'a broadcast leaves no key behind');
    const { body } = await call(api.url, 'GET', '/api/v1/system/broadcasts');
    t.match(
      body,
      { results: 1, data: { broadcasts: [{ data: BROADCAST }] } },
      'the refused one is not listed',
    );
    for (const process of [api, relay]) t.equal(await process.stop(), 0);
  },
);
