import { setTimeout as delay } from 'node:timers/promises';
import { startRedisCluster, startRedisSentinels } from '@dronecast/testbed';
import { createClient } from 'redis';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { requiresRedis } from '../../../test/support/redis-server.js';
import { createRedisBus, type EventBus, type RedisBusOptions } from '../src/index.js';
import { type CreateBus, eventBusContract } from './event-bus-contract.js';
import { LiveRecorder } from './live-recorder.js';
import { orderContract } from './order-contract.js';
import { markOf, marks, marksUpTo, outbox, readAll } from './outboxes.js';

const skip = !requiresRedis(t) && 'redis-server missing';
/** Short, so that a new master is found soon. */
const TIMEOUT_MS = 500;

async function connectedBus(t: Test, options: Omit<RedisBusOptions, 'log'>): Promise<EventBus> {
  const bus = createRedisBus({ timeoutMs: TIMEOUT_MS, log: { info() {}, warn() {} }, ...options });
  t.teardown(() => bus.close());
  await until(() => bus.isReady());
  return bus;
}

async function flush(url: string): Promise<void> {
  const client = createClient({ url });
  await client.connect();
  await client.flushAll();
  client.destroy();
}

/** Publishes one entry after the other, each until it is taken, as a publisher and its sweeper do. */
async function publishAll(bus: EventBus, count: number, afterEach: (seq: number) => void): Promise<void> {
  for (let seq = 1; seq <= count; seq += 1) {
    for (;;) {
      try {
        await bus.publish([outbox(seq, seq)]);
        break;
      } catch {
        await delay(20);
      }
    }
    afterEach(seq);
  }
}

/** The subscription has found the new master, and gets what is published there. */
async function hasMoved(bus: EventBus, live: LiveRecorder, published: number): Promise<void> {
  await live.until('disconnected');
  await live.until('connected');
  const next = published + 1;
  await bus.publish([outbox(next, next)]);
  await live.find((call) => call.type === 'message' && markOf(call.text) === `DRN-1/${next}`);
}

t.test('sentinels', { skip }, async (t) => {
  const set = await startRedisSentinels({ replicas: 2 });
  t.teardown(set.remove);
  const options = { mode: 'sentinel', url: set.url, nodes: set.nodes } as const;

  const createSentinel: CreateBus = async (t, limits) => {
    await flush(set.servers[0].url);
    return connectedBus(t, { ...options, ...limits });
  };
  eventBusContract(t, 'sentinel', createSentinel);
  orderContract(t, 'sentinel', createSentinel);

  t.test('a master that fails loses nothing that its replicas had been waited for', async (t) => {
    await flush(set.servers[0].url);
    const bus = await connectedBus(t, { ...options, waitReplicas: 1 });
    const live = new LiveRecorder();
    bus.subscribe(live);
    await live.until('connected');
    const COUNT = 200;
    await publishAll(bus, COUNT, (seq) => {
      if (seq === 50) set.servers[0].kill('SIGKILL');
    });
    const { events } = await readAll(bus);
    t.same(marks(events), marksUpTo(COUNT), 'each once, in order');
    await hasMoved(bus, live, COUNT);
  });

  t.test('replicas that are away hold publishing up, and nothing else', async (t) => {
    const bus = await connectedBus(t, { ...options, waitReplicas: 9 });
    await t.rejects(
      bus.publish([outbox(1, 1, 'DRN-2')]),
      /only \d replicas of redis have what was published/,
    );
    t.equal(bus.isReady(), true);
  });
});

t.test('a cluster', { skip }, async (t) => {
  const cluster = await startRedisCluster();
  t.teardown(cluster.remove);
  const options = { mode: 'cluster', url: cluster.nodes[0], nodes: cluster.nodes.slice(1) } as const;
  const flushAll = () => Promise.all(cluster.nodes.map(flush));

  const createCluster: CreateBus = async (t, limits) => {
    await flushAll();
    return connectedBus(t, { ...options, ...limits });
  };
  eventBusContract(t, 'cluster', createCluster);
  orderContract(t, 'cluster', createCluster);

  t.test('goes on when its slot moves to another master', async (t) => {
    await flushAll();
    const bus = await connectedBus(t, options);
    const live = new LiveRecorder();
    bus.subscribe(live);
    await live.until('connected');
    const COUNT = 200;
    let moved: Promise<number> | undefined;
    await publishAll(bus, COUNT, (seq) => {
      if (seq === 50) moved = cluster.move('{dronecast}');
    });
    await moved;
    const { events } = await readAll(bus);
    t.same(marks(events), marksUpTo(COUNT), 'each once, in order');
    await hasMoved(bus, live, COUNT);
  });
});
