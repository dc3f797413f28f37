import { cp, rm } from 'node:fs/promises';
import { createMemoryBus, createRedisBus, type EventBus } from '@dronecast/bus';
import { STREAM_START } from '@dronecast/events';
import { type Document, MongoClient } from 'mongodb';
import t, { type Test } from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { createPublisher } from '../src/publisher/publisher.js';
import type { DroneStore, StoredOutbox } from '../src/store/drone-store.js';
import { createLmdbStore } from '../src/store/lmdb/lmdb-store.js';
import { createLog } from './faults.js';
import { createDatabase, openMongoStore } from './open-mongo.js';
import { allPending, oneTo, register, rename, there } from './store-contract/context.js';

// A failover of MongoDB rolls back what had not reached a majority, and a restored backup has lost what came after it. Here
// the data itself goes back, as it does then. What only a replica set can show is which commits that concerns: those that
// were read with majority concern are never among them.

interface Rewindable {
  /** Remembers the data as it is. Both resolve with the store to go on with. */
  save(): Promise<DroneStore>;
  /** Makes the data what it was. */
  rewind(): Promise<DroneStore>;
}

type OpenBus = (t: Test) => Promise<EventBus>;
type OpenData = (t: Test) => Promise<Rewindable>;

async function openLmdb(t: Test): Promise<Rewindable> {
  const [path, backup] = [`${t.testdir()}/data`, `${t.testdir()}/backup`];
  let store = createLmdbStore({ path });
  t.teardown(() => store.close());
  async function replace(from: string, to: string): Promise<DroneStore> {
    await store.close();
    await rm(to, { recursive: true, force: true });
    await cp(from, to, { recursive: true });
    store = createLmdbStore({ path });
    return store;
  }
  return { save: () => replace(path, backup), rewind: () => replace(backup, path) };
}

async function openMongo(t: Test, serverUrl: string): Promise<Rewindable> {
  const url = createDatabase(t, serverUrl);
  const { store } = await openMongoStore(t, url);
  const client = new MongoClient(url);
  t.teardown(() => client.close());
  const drones = client.db().collection('drones');
  let saved: Document[] = [];
  return {
    async save() {
      saved = await drones.find().toArray();
      return store;
    },
    async rewind() {
      await drones.deleteMany({});
      if (saved.length > 0) await drones.insertMany(saved);
      return store;
    },
  };
}

/** What watchers of the bus are sent, by epoch. */
function watch(t: Test, bus: EventBus): Map<string, string[]> {
  const epochs = new Map<string, string[]>();
  const subscription = bus.subscribe({
    connected() {},
    disconnected() {},
    message(_channel, payload) {
      const { id, mark } = JSON.parse(payload.toString()) as { id: string; mark: string };
      const [epoch = ''] = id.split('.');
      epochs.set(epoch, [...(epochs.get(epoch) ?? []), mark]);
    },
  });
  t.teardown(() => subscription.unsubscribe());
  return epochs;
}

/** How the commits after the loss come to the bus. */
const WAYS = ['each is offered', 'the last one is offered', 'none is offered'] as const;

/** `losses`: how many commits are lost, and how many come after that. */
function lossTests(t: Test, losses: [number, number][], openData: OpenData, openBus: OpenBus): void {
  async function lose(t: Test, lost: number, later: number, way: (typeof WAYS)[number]): Promise<void> {
    const bus = await openBus(t);
    const data = await openData(t);
    let store = await data.save();
    let publisher = createPublisher({ store, bus, log: createLog() });
    const epochs = watch(t, bus);
    const offer = async (outbox: StoredOutbox): Promise<void> => {
      publisher.offer(outbox);
      await publisher.close();
    };

    for (const serialNumber of ['DRN-1', 'DRN-2']) await offer((await register(store, serialNumber)).outbox);
    for (const i of oneTo(3)) await offer(await rename(store, 'DRN-1', `old ${i}`));
    store = await data.save();
    publisher = createPublisher({ store, bus, log: createLog() });
    for (const i of oneTo(lost)) await offer(await rename(store, 'DRN-1', `lost ${i}`));
    t.same(await store.backlog(), { drones: 0 });
    const { epoch: oldEpoch } = await bus.read(STREAM_START, 0);

    store = await data.rewind();
    publisher = createPublisher({ store, bus, log: createLog() });
    for (const i of oneTo(later)) {
      const outbox = await rename(store, 'DRN-1', `kept ${i}`);
      if (way === 'each is offered' || (way === 'the last one is offered' && i === later))
        await offer(outbox);
    }
    await offer(await rename(store, 'DRN-2', 'not concerned'));
    await until(async () => {
      t.same(await publisher.publish(await allPending(store)), []);
      return (await store.backlog()).drones === 0;
    });

    const kept = oneTo(later).map((i) => `kept ${i}`);
    const history = await bus.read(STREAM_START, 1000);
    const marks = history.events.map(({ frame }) => (JSON.parse(frame.toString()) as { mark: string }).mark);
    await until(() => epochs.get(history.epoch)?.length === marks.length);
    t.same([...epochs.keys()], [oldEpoch, history.epoch], 'one new epoch');
    t.not(history.epoch, oldEpoch);
    t.same(epochs.get(history.epoch), marks, 'those who watch get what the history has');
    for (const [epoch, sent] of epochs) t.equal(new Set(sent).size, sent.length, `nothing twice in ${epoch}`);
    const all = new Set([...epochs.values()].flat());
    for (const mark of [...kept, 'not concerned']) t.ok(all.has(mark), `${mark} is published`);
    // The last one may have gone out right behind the lost ones: then its watchers are told of the new epoch after that.
    const isAhead = way === 'the last one is offered' && later === lost + 1;
    t.same(
      marks.filter((mark) => mark.startsWith('kept')),
      isAhead ? kept.slice(0, -1) : kept,
    );

    await offer(await rename(store, 'DRN-1', 'next'));
    const after = await bus.read(STREAM_START, 1000);
    t.equal(after.epoch, history.epoch, 'and it goes on');
    t.match(there(after.events.at(-1)).frame.toString(), /"mark":"next"/);
    t.same(await store.backlog(), { drones: 0 });
  }

  for (const [lost, later] of losses) {
    for (const way of WAYS)
      t.test(`${lost} commits are lost, ${later} come after that, ${way}`, (t) => lose(t, lost, later, way));
  }
}

t.test('LMDB and a bus in memory', async (t) => {
  const openBus: OpenBus = async () => createMemoryBus({ maxEvents: 1000, maxAgeHours: 1 });
  const losses = [1, 3, 20].flatMap((lost) => [1, lost, lost + 1, lost + 5].map((later) => [lost, later]));
  lossTests(t, losses as [number, number][], openLmdb, openBus);
});

if (requiresMongo(t) && requiresRedis(t)) {
  t.test('MongoDB and Redis', async (t) => {
    const [mongo, redis] = [await startMongo(t), await startRedis(t)];
    const openBus: OpenBus = async (t) => {
      const log = { info() {}, warn() {} };
      const bus = createRedisBus({ url: redis.url, log });
      t.teardown(() => bus.close());
      await until(bus.isReady);
      return bus;
    };
    const losses: [number, number][] = [
      [1, 1],
      [3, 4],
      [20, 2],
      [20, 25],
    ];
    lossTests(t, losses, (t) => openMongo(t, mongo.url), openBus);
  });
}
