import { setTimeout as delay } from 'node:timers/promises';
import { startRedisCluster, startRedisSentinels } from '@dronecast/testbed';
import t, { type Test } from 'tap';
import { hasSeen, seenOf, startLoad, startWitnesses, type Witness } from './support/load.js';
import { requiresMongo, startMongo } from './support/mongo-server.js';
import { startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis } from './support/redis-server.js';

const hasAll = [requiresRedis(t), requiresMongo(t)].every(Boolean);
const skip = !hasAll && 'redis-server or MongoDB missing';
const DRONES = ['FAIL-1', 'FAIL-2'];
/** Of load before, and after. */
const SOME_MS = 1500;

/** What a drone's revisions must not do: be missing, or go back, unless a gap was announced in between. */
function breaks(seen: readonly (number | 'gap')[]): string[] {
  const found: string[] = [];
  for (const [index, revision] of seen.entries()) {
    const before = seen[index - 1];
    if (typeof revision !== 'number' || typeof before !== 'number') continue;
    if (revision !== before + 1) found.push(`${revision} after ${before}`);
  }
  return found;
}

/** Runs an API and a relay under load, breaks Redis, and holds what clients saw against what was committed. */
async function survive(
  t: Test,
  env: Record<string, string>,
  fail: () => Promise<unknown>,
): Promise<readonly Witness[]> {
  const mongo = await startMongo(t);
  const all = { ...env, REDIS_TIMEOUT_MS: '1000' };
  const api = await startProcess(t, 'apps/api/dist/server.js', { ...all, MONGODB_URL: mongo.url });
  const relay = await startProcess(t, 'apps/relay/dist/server.js', all);
  for (const { url } of [api, relay]) await until(async () => (await fetch(`${url}/health/ready`)).ok);
  const witnesses = await startWitnesses(t, relay.url, 5);
  const load = await startLoad(api.url, DRONES);
  await delay(SOME_MS);
  await fail();
  await delay(SOME_MS);
  const revisions = await load.stop();
  t.same(load.failures, [], 'no write failed');
  for (const witness of witnesses) {
    await hasSeen(witness, revisions);
    for (const sn of DRONES) t.same(breaks(seenOf(witness, sn)), [], 'nothing is missing without a word');
  }
  return witnesses;
}

t.test('a master fails, and sentinels make a replica the master', { skip }, async (t) => {
  const set = await startRedisSentinels({ replicas: 2 });
  t.teardown(set.remove);
  const env = { REDIS_MODE: 'sentinel', REDIS_URL: set.url, REDIS_NODES: set.nodes.join(',') };
  await survive(t, { ...env, REDIS_WAIT_REPLICAS: '1' }, () => set.servers[0].stop('SIGKILL'));
});

t.test('a cluster moves its slot to another master', { skip }, async (t) => {
  const cluster = await startRedisCluster();
  t.teardown(cluster.remove);
  const env = {
    REDIS_MODE: 'cluster',
    REDIS_URL: cluster.nodes[0],
    REDIS_NODES: cluster.nodes.slice(1).join(','),
  };
  const witnesses = await survive(t, env, () => cluster.move('{dronecast}'));
  for (const witness of witnesses)
    t.notOk(seenOf(witness, 'FAIL-1').includes('gap'), 'its history moves with it');
});
