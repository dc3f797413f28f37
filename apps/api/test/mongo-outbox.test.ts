import { createMemoryBus } from '@dronecast/bus';
import { MongoClient, ObjectId } from 'mongodb';
import t, { type Test } from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { until } from '../../../test/support/queue.js';
import { createPublisher } from '../src/publisher/publisher.js';
import { createSweeper } from '../src/publisher/sweeper.js';
import { createFaultyBus, createLog } from './faults.js';
import { createDatabase, openMongoStore } from './open-mongo.js';
import { sampleEvent, sampleIncident } from './samples.js';
import {
  acknowledge,
  allPending,
  marks,
  oneTo,
  register,
  remove,
  rename,
  seqs,
  snapshotOf,
  there,
} from './store-contract/context.js';

/** What is written to the collection beside the store. */
function outboxTests(t: Test, serverUrl: string): void {
  async function setUp(t: Test) {
    const url = createDatabase(t, serverUrl);
    const { store } = await openMongoStore(t, url);
    const client = new MongoClient(url);
    t.teardown(() => client.close());
    return { store, drones: client.db().collection('drones') };
  }

  t.test('entries of an earlier version have no name, and are acknowledged by seq', async (t) => {
    const { store, drones } = await setUp(t);
    await register(store, 'DRN-1', { deviceName: '1' });
    for (const seq of [2, 3]) await rename(store, 'DRN-1', `${seq}`);
    await drones.updateOne({}, { $unset: { 'outbox.$[].name': '' } });
    await rename(store, 'DRN-1', '4');
    const [outbox] = await allPending(store);
    t.same(
      outbox?.entries.map(({ name }) => typeof name),
      ['undefined', 'undefined', 'undefined', 'string'],
    );

    const [whole, named] = [there(outbox), there(outbox?.entries[3])];
    await acknowledge(store, { ...whole, entries: [{ ...named, name: undefined }] });
    t.same((await allPending(store)).map(seqs), [oneTo(4)], 'a named one is not acknowledged by its seq');
    await acknowledge(store, { ...whole, entries: whole.entries.slice(1, 2) });
    t.same((await allPending(store)).map(seqs), [[1, 3, 4]]);

    const bus = createFaultyBus();
    const publisher = createPublisher({ store, bus, log: createLog() });
    t.same(await publisher.publish(await allPending(store)), []);
    t.same(await store.backlog(), { drones: 0 });
    t.same(await bus.history(), ['created 1', '3', '4']);
  });

  t.test('a deleted drone waits until it is acknowledged, with entries or without', async (t) => {
    const { store, drones } = await setUp(t);
    const { outbox: created } = await register(store, 'DRN-1', { deviceName: 'a' });
    await acknowledge(store, await remove(store, 'DRN-1'));
    await acknowledge(store, created);
    t.match(await drones.findOne(), { outbox: [], deletedAt: Date, pendingSince: Date });
    t.equal((await store.backlog()).drones, 1);
    const [empty] = await allPending(store);
    t.match(empty, { key: created.key, serialNumber: 'DRN-1', entries: [] });

    const publisher = createPublisher({ store, bus: createFaultyBus(), log: createLog() });
    t.same(await publisher.publish([there(empty)]), []);
    t.equal(await drones.countDocuments(), 0);
  });

  t.test('an outbox that claims to wait and is empty is made to wait no more', async (t) => {
    const { store, drones } = await setUp(t);
    await register(store, 'DRN-1');
    await drones.updateOne({}, { $set: { outbox: [] } });
    await acknowledge(store, ...(await allPending(store)));
    t.same(await store.backlog(), { drones: 0 });
    t.equal(await drones.countDocuments(), 1);
  });

  t.test('incidents that cannot be saved hold up no other drone, however many there are', async (t) => {
    const { store, drones } = await setUp(t);
    const poisoned = oneTo(101).map((i) => `BAD-${i}`);
    const unsavable = { ...sampleIncident('BAD'), capturedAt: '0000-01-01T00:00:00.000Z' };
    await drones.insertMany(
      poisoned.map((deviceSerialNumber) => {
        const at = new Date(Date.now() - 60_000);
        const incident = { ...unsavable, id: new ObjectId().toHexString(), serialNumber: deviceSerialNumber };
        const events = [sampleEvent(deviceSerialNumber, deviceSerialNumber, 'incident')];
        const outbox = [{ seq: 1, name: 'poisoned', at, bytesBefore: 0, events, incident }];
        return { deviceSerialNumber, seq: 1, queuedBytes: 100, outbox, pendingSince: at, revision: 1 };
      }),
    );
    const incident = sampleIncident('GOOD-2');
    await register(store, 'GOOD-1');
    await register(store, 'GOOD-2');
    await store.commit(await snapshotOf(store, 'GOOD-2'), { events: [sampleEvent('seen')], incident });

    const bus = createMemoryBus({ maxEvents: 1000, maxAgeHours: 1 });
    const log = createLog();
    const publisher = createPublisher({ store, bus, log: createLog() });
    const sweeper = createSweeper({ store, bus, publisher, log });
    t.teardown(() => sweeper.close());
    sweeper.start();
    await until(async () => (await store.backlog()).drones === 101);
    t.same((await store.listIncidents({ limit: 10 })).items, [incident]);
    await until(() => sweeper.setAside() === 101);

    await drones.updateMany(
      { deviceSerialNumber: { $in: poisoned } },
      { $set: { 'outbox.$[].incident.capturedAt': '0001-01-01T00:00:00.000Z' } },
    );
    await until(async () => (await store.backlog()).drones === 0);
    await until(() => sweeper.setAside() === 0);
    t.equal((await store.listIncidents({ limit: 1000 })).items.length, 102);
    t.same((await allPending(store)).map(marks), []);
  });
}

if (requiresMongo(t)) {
  t.test('outboxes in MongoDB', async (t) => {
    const server = await startMongo(t);
    outboxTests(t, server.url);
  });
}
