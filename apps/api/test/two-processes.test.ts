import { createRedisBus, type EventBus } from '@dronecast/bus';
import { STREAM_START } from '@dronecast/events';
import t, { type Test } from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { createPublisher } from '../src/publisher/publisher.js';
import type { DroneStore } from '../src/store/drone-store.js';
import { createFaultyBus, createLog } from './faults.js';
import { openLmdbStore } from './open-lmdb.js';
import { createDatabase, openMongoStore } from './open-mongo.js';
import { sampleEvent, sampleIncident } from './samples.js';
import {
  acknowledge,
  allPending,
  oneTo,
  register,
  remove,
  rename,
  renamed,
  snapshotOf,
  there,
  waiting,
} from './store-contract/context.js';

for (const order of [
  [5, 6],
  [6, 5],
] as const) {
  t.test(`two processes publish what they have committed, ${order.join(' before ')}`, async (t) => {
    const { store } = await openLmdbStore(t);
    const bus = createFaultyBus();
    const processes = [1, 2].map(() => createPublisher({ store, bus, log: createLog() }));
    const tails = [(await register(store, 'DRN-1', { deviceName: '1' })).outbox];
    for (const i of [2, 3, 4]) tails.push(await rename(store, 'DRN-1', `${i}`));
    const whole = await waiting(store, there(tails[0]));
    await bus.publish([whole]);
    await acknowledge(store, whole);

    const incident = sampleIncident('DRN-1');
    const commit = { events: [sampleEvent('5')], incident };
    tails.push(there(await store.commit(await snapshotOf(store, 'DRN-1'), commit)));
    tails.push(await remove(store, 'DRN-1'));
    for (const [i, seq] of order.entries()) {
      processes[i]?.offer(there(tails[seq - 1]));
      await processes[i]?.close();
    }
    t.same(await bus.history(), ['created 1', '2', '3', '4', '5', 'deleted 4']);
    t.same(await store.backlog(), { drones: 0 });
    t.same((await store.listIncidents({ limit: 10 })).items, [incident]);
  });
}

t.test('two processes read an outbox that is behind at the same time', async (t) => {
  const { store } = await openLmdbStore(t);
  const bus = createFaultyBus();
  const processes = [1, 2].map(() => createPublisher({ store, bus, log: createLog() }));
  const tails = [(await register(store, 'DRN-1', { deviceName: '1' })).outbox];
  for (const i of oneTo(20)) tails.push(await rename(store, 'DRN-1', `${i}`));
  bus.gate.close();
  for (const [i, tail] of tails.reverse().entries()) processes[i % 2]?.offer(tail);
  bus.gate.open();
  await Promise.all(processes.map((process) => process.close()));
  t.same(await bus.history(), ['created 1', ...oneTo(20).map(String)]);
  t.same(await store.backlog(), { drones: 0 });
});

t.test('a process that is overtaken while it reads an outbox does not take that for a loss', async (t) => {
  const { store } = await openLmdbStore(t);
  const bus = createFaultyBus();
  const { epoch } = await bus.read(STREAM_START, 0);
  const fast = createPublisher({ store, bus, log: createLog() });
  const readOutbox: DroneStore['readOutbox'] = async (key) => {
    const outbox = await store.readOutbox(key);
    for (const i of oneTo(9)) fast.offer(await rename(store, 'DRN-1', `fast ${i}`));
    await fast.close();
    return outbox;
  };
  const slow = createPublisher({ store: { ...store, readOutbox }, bus, log: createLog() });
  await register(store, 'DRN-1', { deviceName: '1' });
  slow.offer(await rename(store, 'DRN-1', 'slow'));
  await slow.close();
  t.same(await bus.history(), ['created 1', 'slow', ...oneTo(9).map((i) => `fast ${i}`)]);
  t.equal((await bus.read(STREAM_START, 0)).epoch, epoch);
  t.same(await store.backlog(), { drones: 0 });
});

/** Two processes that change the same drones all the time. */
async function race(t: Test, stores: DroneStore[], buses: EventBus[]): Promise<void> {
  const [store, bus] = [there(stores[0]), there(buses[0])];
  const { epoch } = await bus.read(STREAM_START, 0);
  const names = ['DRN-1', 'DRN-2'];
  const publishers = stores.map((store, i) =>
    createPublisher({ store, bus: there(buses[i]), log: createLog() }),
  );
  for (const name of names) publishers[0]?.offer((await register(store, name)).outbox);

  /** The event is marked with the revision, which is one more with every commit. */
  async function change(store: DroneStore, serialNumber: string) {
    for (;;) {
      const snapshot = await snapshotOf(store, serialNumber);
      const drone = renamed(snapshot.drone, serialNumber);
      const event = sampleEvent(`${serialNumber} ${drone.revision}`, serialNumber);
      const outbox = await store.commit(snapshot, { drone, events: [event] });
      if (outbox) return outbox;
    }
  }
  await Promise.all(
    stores.flatMap((store, i) =>
      names.map(async (name) => {
        for (const _ of oneTo(60)) publishers[i]?.offer(await change(store, name));
      }),
    ),
  );
  await Promise.all(publishers.map((publisher) => publisher.close()));
  await until(async () => {
    await publishers[0]?.publish(await allPending(store));
    return (await store.backlog()).drones === 0;
  });

  const history = await bus.read(STREAM_START, 10_000);
  t.equal(history.epoch, epoch, 'no commits were lost');
  const marks = history.events.map(({ frame }) => (JSON.parse(frame.toString()) as { mark: string }).mark);
  for (const name of names) {
    const expected = [`created Device ${name}`, ...oneTo(120).map((i) => `${name} ${i + 1}`)];
    t.same(
      marks.filter((mark) => mark.includes(name)),
      expected,
    );
  }
}

if (requiresMongo(t) && requiresRedis(t)) {
  t.test('two processes on MongoDB and Redis change the same drones', async (t) => {
    const [mongo, redis] = [await startMongo(t), await startRedis(t)];
    const url = createDatabase(t, mongo.url);
    const stores = [(await openMongoStore(t, url)).store, (await openMongoStore(t, url)).store];
    const log = { info() {}, warn() {} };
    const buses = [1, 2].map(() => createRedisBus({ url: redis.url, log }));
    t.teardown(() => Promise.all(buses.map((bus) => bus.close())));
    await until(() => buses.every((bus) => bus.isReady()));
    await race(t, stores, buses);
  });
}
