import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Item, isForeign, isGap } from '@dronecast/client';
import t from 'tap';
import { request } from 'undici';
import { call, registration } from './support/api.js';
import { type Balancer, startBalancer } from './support/balancer.js';
import { requiresMongo, startMongo } from './support/mongo-server.js';
import { type AppProcess, startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';

const hasAll = [requiresRedis(t), requiresMongo(t)].every(Boolean);
const CLIENTS = 24;
const DRONES = ['ROLL-1', 'ROLL-2', 'ROLL-3', 'ROLL-4'];
/** What a preStop hook waits until nobody sends anything new. */
const PRE_STOP_MS = 300;

const PATH = '/api/v1/drones';

t.test(
  'a rollout under load loses no event and fails no write',
  { skip: !hasAll && 'servers missing' },
  async (t) => {
    const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
    const env = { REDIS_URL: redis.url, DRAIN_MS: '1500' };
    const services = { api: await startBalancer(t), relay: await startBalancer(t) };

    async function start(role: keyof typeof services): Promise<AppProcess> {
      const more = role === 'api' ? { MONGODB_URL: mongo.url } : {};
      const pod = await startProcess(t, `apps/${role}/dist/server.js`, { ...env, ...more });
      await until(async () => (await fetch(`${pod.url}/health/ready`)).ok);
      services[role].add(pod.port);
      return pod;
    }

    /** As a Deployment with maxSurge 1 and maxUnavailable 0: a new pod first, then an old one goes. */
    async function replace(role: keyof typeof services, old: AppProcess, service: Balancer): Promise<void> {
      await start(role);
      service.remove(old.port);
      await delay(PRE_STOP_MS);
      t.equal(await old.stop('SIGTERM'), 0, `${role} ends well`);
    }

    const pods = {
      api: [await start('api'), await start('api')],
      relay: [await start('relay'), await start('relay')],
    };
    for (const sn of DRONES) await call(services.api.url, 'POST', `${PATH}/register`, registration(sn));

    const seen = Array.from({ length: CLIENTS }, (): Item[] => []);
    const clients = seen.map((items) => {
      const client = connect({ url: services.relay.url, events: ['updated'] });
      t.teardown(() => client.close());
      for (const name of ['event', 'foreign', 'gap'] as const)
        client.on(name, (item: Item) => items.push(item));
      return client;
    });
    await until(() => clients.every(({ status }) => status.state === 'live'));

    let isOver = false;
    const failures: string[] = [];
    const revisions = new Map(DRONES.map((sn) => [sn, 1]));
    const writers = DRONES.map(async (sn) => {
      for (let number = 0; !isOver; number += 1) {
        const { statusCode, body } = await request(`${services.api.url}${PATH}/sn/${sn}`, {
          method: 'PATCH',
          // An ingress sends each request where it is taken; a balancer of connections needs one for each.
          reset: true,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ deviceName: `change ${number}` }),
        }).catch((error) => ({ statusCode: String(error), body: undefined }));
        const text = await body?.text();
        if (statusCode === 200) revisions.set(sn, JSON.parse(text ?? '').data.drone.revision);
        else failures.push(`${statusCode} ${text}`);
      }
    });

    for (const role of ['relay', 'api'] as const)
      for (const pod of pods[role]) await replace(role, pod, services[role]);
    isOver = true;
    await Promise.all(writers);
    t.same(failures, [], 'writes that failed');

    const expected = DRONES.map((sn) => revisions.get(sn) ?? 0);
    t.ok(
      expected.every((revision) => revision > 20),
      `under load: ${expected}`,
    );
    const total = expected.reduce((sum, revision) => sum + revision - 1, 0);
    await until(() => seen.every(({ length }) => length >= total)).catch(() => {});
    for (const items of seen) {
      const got = new Map(DRONES.map((sn) => [sn, [] as number[]]));
      for (const item of items) {
        if (isGap(item) || isForeign(item) || !('revision' in item)) return t.fail(JSON.stringify(item));
        got.get(item.serialNumber)?.push(item.revision);
      }
      for (const [index, sn] of DRONES.entries()) {
        const all = Array.from({ length: (expected[index] ?? 0) - 1 }, (_, at) => at + 2);
        t.same(got.get(sn), all, 'each revision once, in order');
      }
    }
  },
);
