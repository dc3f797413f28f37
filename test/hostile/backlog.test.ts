import { setTimeout as delay } from 'node:timers/promises';
import { createFullOutbox } from '@dronecast/testbed';
import { MongoClient } from 'mongodb';
import t from 'tap';
import { requiresMongo, startMongo } from '../support/mongo-server.js';
import { fits, startPod } from '../support/pod.js';
import { requiresRedis, startRedis } from '../support/redis-server.js';

const hasAll = [requiresRedis(t), requiresMongo(t)].every(Boolean);
const OUTBOXES = 100;
const TIMEOUT_MS = 120_000;

t.test(
  'a backlog of 200 MiB is published by APIs that have less memory',
  { skip: !hasAll && 'no servers' },
  async (t) => {
    const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
    const client = await new MongoClient(mongo.url).connect();
    t.teardown(() => client.close());
    const drones = client.db().collection('drones');
    for (let n = 0; n < OUTBOXES; n += 1)
      await drones.insertOne({ ...createFullOutbox(`BACKLOG-${n}`).document });
    const env = { REDIS_URL: redis.url, MONGODB_URL: mongo.url, HISTORY_MAX_BYTES: `${2 ** 30}` };
    const apis = await Promise.all([startPod(t, 'api', env), startPod(t, 'api', env)]);

    const countWaiting = () => drones.countDocuments({ 'outbox.0': { $exists: true } });
    for (const deadline = Date.now() + TIMEOUT_MS; Date.now() < deadline; await delay(200)) {
      if (apis.some(({ child }) => child.exitCode !== null) || (await countWaiting()) === 0) break;
    }
    t.equal(await countWaiting(), 0, 'nothing waits');
    for (const api of apis) fits(t, api);
  },
);
