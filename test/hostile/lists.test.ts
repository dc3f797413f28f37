import { MongoClient } from 'mongodb';
import t from 'tap';
import { call } from '../support/api.js';
import { requiresMongo, startMongo } from '../support/mongo-server.js';
import { fits, startPod } from '../support/pod.js';
import { requiresRedis, startRedis } from '../support/redis-server.js';

const hasAll = [requiresRedis(t), requiresMongo(t)].every(Boolean);
const DRONES = 600;
const DRONE_BYTES = 57_000;

/** Drones that hold as much text as an API of before let them hold. */
const createDrones = () =>
  Array.from({ length: DRONES }, (_, n) => ({
    deviceSerialNumber: `LARGE-${String(n).padStart(4, '0')}`,
    deviceName: `Large ${n}`,
    deviceCategory: 'DRONE',
    cameras: Array.from({ length: 100 }, (_, camera) => `${camera}`.padEnd(DRONE_BYTES / 100, 'x')),
  }));

/** Follows the pages of the list to its end. */
async function walk(api: string): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const { status, body } = await call(api, 'GET', `/api/v1/drones?limit=1000${query}`);
    if (status !== 200) throw new Error(JSON.stringify(body));
    for (const { deviceSerialNumber } of body.data.drones) seen.push(deviceSerialNumber);
    cursor = body.nextCursor;
  } while (cursor);
  return seen;
}

t.test('many lists of large drones at once', { skip: !hasAll && 'no servers' }, async (t) => {
  const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
  const drones = createDrones();
  const client = await new MongoClient(mongo.url).connect();
  await client.db().collection('drones').insertMany(drones);
  await client.close();
  // Here memory counts, not time.
  const env = { REDIS_URL: redis.url, MONGODB_URL: mongo.url, MONGODB_TIMEOUT_MS: '60000' };
  const api = await startPod(t, 'api', env);

  const lists = await Promise.all(Array.from({ length: 20 }, () => walk(api.url)));
  const expected = drones.map(({ deviceSerialNumber }) => deviceSerialNumber);
  for (const list of lists) t.same(list, expected, 'each drone once, in order');
  fits(t, api);
});
