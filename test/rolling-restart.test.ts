import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { type Balancer, startBalancer } from './support/balancer.js';
import { EARLIER_COMMIT, earlierBuild } from './support/earlier-build.js';
import { hasSeen, seenOf, startLoad, startWitnesses } from './support/load.js';
import { requiresMongo, startMongo } from './support/mongo-server.js';
import { type AppProcess, startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';

const hasAll = [requiresRedis(t), requiresMongo(t)].every(Boolean);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLIENTS = 24;
const DRONES = ['ROLL-1', 'ROLL-2', 'ROLL-3', 'ROLL-4'];
/** What a preStop hook waits until nobody sends anything new. */
const PRE_STOP_MS = 300;

/** The folders of the builds that run before and after. */
interface Rollout {
  readonly from: string;
  readonly to: string;
}

/** Two of each app under load: every pod is replaced, one after the other, and no client misses anything. */
async function rollOut(t: Test, { from, to }: Rollout): Promise<void> {
  const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
  const env = { REDIS_URL: redis.url, DRAIN_MS: '1500' };
  const services = { api: await startBalancer(t), relay: await startBalancer(t) };

  async function start(folder: string, role: keyof typeof services): Promise<AppProcess> {
    const more = role === 'api' ? { MONGODB_URL: mongo.url } : {};
    const pod = await startProcess(t, join(folder, `apps/${role}/dist/server.js`), { ...env, ...more });
    await until(async () => (await fetch(`${pod.url}/health/ready`)).ok);
    services[role].add(pod.port);
    return pod;
  }

  /** As a Deployment with maxSurge 1 and maxUnavailable 0: a new pod first, then an old one goes. */
  async function replace(role: keyof typeof services, old: AppProcess, service: Balancer): Promise<void> {
    await start(to, role);
    service.remove(old.port);
    await delay(PRE_STOP_MS);
    t.equal(await old.stop('SIGTERM'), 0, `${role} ends well`);
  }

  const pods = {
    api: [await start(from, 'api'), await start(from, 'api')],
    relay: [await start(from, 'relay'), await start(from, 'relay')],
  };
  const witnesses = await startWitnesses(t, services.relay.url, CLIENTS);
  const load = await startLoad(services.api.url, DRONES);
  // Both versions of each app run beside both of the other.
  for (const index of [0, 1])
    for (const role of ['relay', 'api'] as const)
      await replace(role, pods[role][index] as AppProcess, services[role]);
  const revisions = await load.stop();
  t.same(load.failures, [], 'writes that failed');
  t.ok(
    [...revisions.values()].every((revision) => revision > 20),
    `under load: ${[...revisions.values()]}`,
  );
  for (const witness of witnesses) {
    await hasSeen(witness, revisions);
    for (const [sn, last] of revisions) {
      const all = Array.from({ length: last - 1 }, (_, index) => index + 2);
      t.same(seenOf(witness, sn), all, 'each revision once, in order');
    }
  }
}

const skip = !hasAll && 'no servers';

t.test('a rollout under load loses no event and fails no write', { skip }, (t) =>
  rollOut(t, { from: ROOT, to: ROOT }),
);

t.test('an upgrade from an earlier version, and going back, under load', { skip }, async (t) => {
  const earlier = await earlierBuild(t, EARLIER_COMMIT);
  if (earlier === undefined) return;
  await t.test('upgrade', (t) => rollOut(t, { from: earlier, to: ROOT }));
  await t.test('going back', (t) => rollOut(t, { from: ROOT, to: earlier }));
});
