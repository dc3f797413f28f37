import type { Incident } from '@dronecast/events';
import { type Document, MongoClient, ObjectId } from 'mongodb';
import t, { type Test } from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { applyPatch } from '../src/drone/edit.js';
import { FieldTaken, SharedSerialNumbers, StoreUnavailable } from '../src/store/drone-store.js';
import { createDatabase, openMongoStore, startMongoStore, untilReady } from './open-mongo.js';
import { sampleDrone, sampleEvent } from './samples.js';
import { acknowledge, allPending, oneTo, snapshotOf } from './store-contract/context.js';

const NOW = '2026-03-01T10:00:00.000Z';
const CREATED = new Date('2024-05-06T07:08:09.123Z');
const UPDATED = new Date('2024-06-07T08:09:10.456Z');

/** As Mongoose wrote it. */
const whole = (): Document => ({
  _id: new ObjectId(),
  deviceSerialNumber: 'OLD-1',
  deviceName: 'Old one',
  deviceCategory: 'Drone',
  metadata: { alias: 'Falcon' },
  streamCredentials: { userName: 'pilot', password: 'sesame', port: '9554' },
  isUsingAiDetection: true,
  streamIsOn: true,
  cameras: [],
  incidents: [],
  createdAt: CREATED,
  updatedAt: UPDATED,
  __v: 3,
});

const incident = (fields: Document = {}): Document => ({
  _id: new ObjectId(),
  imageUrl: 'https://images.example.com/1.jpg',
  coordinates: { type: 'Point', coordinates: [8.5, 47.25] },
  objectBBox: [1, 2, 3, 4],
  timestamp: CREATED,
  ...fields,
});

function legacyTests(t: Test, serverUrl: string): void {
  /** The collection of the older service, holding `documents`. */
  async function legacy(t: Test, documents: Document[]) {
    const url = createDatabase(t, serverUrl);
    const client = new MongoClient(url);
    t.teardown(() => client.close());
    const drones = client.db().collection<Document>('drones');
    await drones.createIndex({ deviceSerialNumber: 1 }, { unique: true, background: true });
    if (documents.length > 0) await drones.insertMany(documents);
    return { url, drones, open: async (t: Test) => (await openMongoStore(t, url)).store };
  }

  t.test('a whole document is read, at revision 0', async (t) => {
    const document = whole();
    const { open } = await legacy(t, [document]);
    const store = await open(t);
    const drone = {
      id: document._id.toHexString(),
      deviceSerialNumber: 'OLD-1',
      deviceName: 'Old one',
      deviceCategory: 'DRONE',
      metadata: { alias: 'Falcon', description: '' },
      isUsingAiDetection: true,
      streamIsOn: true,
      streamUrl: '',
      webRTCUrl: '',
      streamCredentials: { userName: 'pilot', password: 'sesame', port: '9554' },
      cameras: [],
      detectionClasses: [],
      createdAt: CREATED.toISOString(),
      updatedAt: UPDATED.toISOString(),
      revision: 0,
    };
    t.same((await snapshotOf(store, 'OLD-1')).drone, drone);
    t.same((await store.find({ id: drone.id }))?.drone, drone);
    t.same((await store.list({ limit: 10 })).items, [drone]);
    t.same(await store.backlog(), { drones: 0 });
    t.equal(await store.register(sampleDrone('OLD-1'), []), undefined, 'it holds its serial number');
  });

  t.test('what is missing, null or a number is filled in', async (t) => {
    const _id = new ObjectId();
    const nulls = Object.fromEntries(Object.keys(whole()).map((name) => [name, null]));
    const { open } = await legacy(t, [
      { _id, deviceSerialNumber: 'BARE' },
      { ...nulls, _id: new ObjectId(), deviceSerialNumber: 'NULLS' },
      {
        ...whole(),
        deviceSerialNumber: 'PARTS',
        deviceCategory: 'body cam',
        metadata: { alias: null },
        streamCredentials: { userName: null, port: 554 },
      },
    ]);
    const store = await open(t);
    const bare = {
      deviceCategory: 'DRONE',
      metadata: { alias: '', description: '' },
      isUsingAiDetection: false,
      streamIsOn: false,
      streamUrl: '',
      streamCredentials: { userName: '', password: '', port: '8554' },
      cameras: [],
      detectionClasses: [],
      revision: 0,
    };
    t.match((await snapshotOf(store, 'BARE')).drone, {
      ...bare,
      deviceName: 'BARE',
      createdAt: _id.getTimestamp().toISOString(),
      updatedAt: _id.getTimestamp().toISOString(),
    });
    t.match((await snapshotOf(store, 'NULLS')).drone, { ...bare, deviceName: 'NULLS' });
    t.match((await snapshotOf(store, 'PARTS')).drone, {
      deviceCategory: 'BODY CAM',
      metadata: { alias: '', description: '' },
      streamCredentials: { userName: '', password: '', port: '554' },
    });
  });

  t.test('filters go by what is read', async (t) => {
    const document = (deviceSerialNumber: string, fields: Document) => ({ deviceSerialNumber, ...fields });
    const { open } = await legacy(t, [
      document('1', { deviceCategory: 'Drone', streamIsOn: true, metadata: { alias: 'Falcon' } }),
      document('2', { deviceCategory: 'drone', isUsingAiDetection: true }),
      document('3', { deviceCategory: 'Body Cam', streamIsOn: false }),
      document('4', { deviceCategory: 'cctv', deviceName: 'falcon watch' }),
      document('5', {}),
      document('6', { deviceCategory: 'Blimp', streamIsOn: null, isUsingAiDetection: null }),
    ]);
    const store = await open(t);
    const list = async (query: object) =>
      (await store.list({ limit: 10, ...query })).items.map((drone) => drone.deviceSerialNumber).join('');
    t.equal(await list({ category: 'DRONE' }), '1256');
    t.equal(await list({ category: 'BODY CAM' }), '3');
    t.equal(await list({ category: 'CCTV' }), '4');
    t.equal(await list({ streamIsOn: true }), '1');
    t.equal(await list({ streamIsOn: false }), '23456');
    t.equal(await list({ isUsingAiDetection: true }), '2');
    t.equal(await list({ isUsingAiDetection: false }), '13456');
    t.equal(await list({ prefix: 'FALCON' }), '14');
    for (const drone of (await store.list({ limit: 10, category: 'DRONE' })).items)
      t.equal(drone.deviceCategory, 'DRONE');
  });

  t.test('the first commit makes revision 1 and keeps what it does not know', async (t) => {
    const document: Document = { ...whole(), incidents: [incident()], color: { body: 'red' } };
    const { open, drones } = await legacy(t, [document]);
    const store = await open(t);
    const snapshot = await snapshotOf(store, 'OLD-1');
    const drone = applyPatch(snapshot.drone, { deviceName: 'New name' }, NOW);
    const events = [sampleEvent('updated', 'OLD-1')];
    const attempts = await Promise.all([1, 2, 3].map(() => store.commit(snapshot, { drone, events })));
    t.equal(attempts.filter((outbox) => outbox !== undefined).length, 1, 'one of three wins');
    t.match(await allPending(store), [{ entries: [{ seq: 1, events }] }]);

    const after = await snapshotOf(store, 'OLD-1');
    t.match(after.drone, { deviceName: 'New name', revision: 1, metadata: { alias: 'Falcon' } });
    t.match(after.drone, { createdAt: CREATED.toISOString(), updatedAt: NOW });
    const stored = await drones.findOne({ _id: document._id });
    t.match(stored, { __v: 3, color: { body: 'red' }, incidents: document.incidents, createdAt: CREATED });
    t.match(stored, { revision: 1, deviceCategory: 'Drone', updatedAt: new Date(NOW) });
  });

  t.test('embedded incidents are listed, once however often the collection is opened', async (t) => {
    const first = incident({ classId: 2, label: 'car', confidence: 0.5, createdAt: UPDATED });
    const second = incident({
      _id: undefined,
      coordinates: [8.5, 47.25],
      objectBBox: null,
      timestamp: UPDATED,
    });
    const { open } = await legacy(t, [
      { ...whole(), incidents: [first, second] },
      { ...whole(), _id: new ObjectId(), deviceSerialNumber: 'OLD-2', incidents: [{ note: 'nothing' }] },
      { ...whole(), _id: new ObjectId(), deviceSerialNumber: 'OLD-3', incidents: [incident({ label: 'z' })] },
    ]);
    let store = await open(t);
    const { items: all } = await store.listIncidents({ limit: 10 });
    t.equal(all.length, 4);
    const { items: ofFirst } = await store.listIncidents({ serialNumber: 'OLD-1', limit: 10 });
    const point = { type: 'Point', coordinates: [8.5, 47.25] };
    t.match(ofFirst, [
      { imageUrl: second.imageUrl, coordinates: point, objectBBox: [0, 0, 0, 0] },
      { id: first._id.toHexString(), coordinates: point, objectBBox: [1, 2, 3, 4] },
    ]);
    t.match(ofFirst, [
      { capturedAt: UPDATED.toISOString(), createdAt: UPDATED.toISOString() },
      { capturedAt: CREATED.toISOString(), createdAt: UPDATED.toISOString(), classId: 2, label: 'car' },
    ]);
    for (const _ of [1, 2]) {
      await store.close();
      store = await open(t);
      t.same((await store.listIncidents({ limit: 10 })).items, all);
    }
  });

  t.test('more than a thousand embedded incidents are copied, and invalid ones are skipped', async (t) => {
    const ids = oneTo(1200).map(() => new ObjectId());
    const incidents: unknown[] = ids.map((_id) => incident({ _id }));
    incidents.splice(500, 0, null, 'nothing');
    const { open, drones } = await legacy(t, [{ ...whole(), incidents }]);
    const store = await open(t);
    const found: string[] = [];
    for (let after: Incident | undefined, isMore = true; isMore; ) {
      const page = await store.listIncidents({ limit: 1000, ...(after && { after }) });
      found.push(...page.items.map(({ id }) => id));
      ({ isMore } = page);
      after = page.items.at(-1);
    }
    t.same(new Set(found), new Set(ids.map((id) => id.toHexString())));
    t.equal(found.length, 1200);

    await store.remove(await snapshotOf(store, 'OLD-1'), [sampleEvent('deleted', 'OLD-1', 'deleted')]);
    const tombstone = await drones.findOne({ deviceSerialNumber: 'OLD-1' });
    t.equal(tombstone?.incidents, undefined, 'a full document has room for its last event');
  });

  for (const [name, key, field] of [
    ['deviceName', { deviceName: 1 }, 'deviceName'],
    ['metadata.alias', { 'metadata.alias': 1 }, 'metadata.alias'],
    ['two fields', { streamUrl: 1, deviceName: 1 }, 'streamUrl'],
  ] as const) {
    t.test(`a unique index on ${name} rejects a second drone with the same value`, async (t) => {
      const { open, drones } = await legacy(t, []);
      await drones.createIndex(key, { unique: true });
      const store = await open(t);
      const same = { deviceName: 'gate', metadata: { alias: 'north', description: '' } };
      const other = { deviceName: 'door', metadata: { alias: 'south', description: '' } };
      const first = sampleDrone('DRN-1', same);
      t.ok(await store.register(first, []));
      await t.rejects(store.register(sampleDrone('DRN-2', same), []), new FieldTaken(field));
      t.equal(await store.find({ serialNumber: 'DRN-2' }), undefined);
      t.equal(
        await store.register(sampleDrone('DRN-1', other), []),
        undefined,
        'the serial number comes first',
      );

      const second = sampleDrone('DRN-2', other);
      t.ok(await store.register(second, []));
      const snapshot = await snapshotOf(store, 'DRN-2');
      const commit = { drone: { ...second, ...same, revision: 2 }, events: [] };
      await t.rejects(store.commit(snapshot, commit), new FieldTaken(field));
      t.same((await snapshotOf(store, 'DRN-2')).drone, second);

      await store.remove(snapshot, []);
      await t.rejects(
        store.register(sampleDrone('DRN-2', same), []),
        new FieldTaken(field),
        'over a tombstone',
      );
    });
  }

  t.test('a serial number counts as taken when a case-insensitive unique index rejects it', async (t) => {
    const { open, drones } = await legacy(t, []);
    await drones.dropIndexes();
    await drones.createIndex(
      { deviceSerialNumber: 1 },
      { unique: true, collation: { locale: 'en', strength: 2 } },
    );
    const store = await open(t);
    t.ok(await store.register(sampleDrone('DRN-1'), []));
    t.equal(await store.register(sampleDrone('drn-1'), []), undefined);
    t.equal(await store.find({ serialNumber: 'drn-1' }), undefined);
  });

  t.test(
    'a document that is marked as waiting but has an empty outbox does not stay the oldest',
    async (t) => {
      const { open, drones } = await legacy(t, [{ ...whole(), outbox: [], pendingSince: CREATED }]);
      const store = await open(t);
      t.equal((await store.backlog()).drones, 1);
      await acknowledge(store, ...(await allPending(store)));
      t.same(await store.backlog(), { drones: 0 });
      t.ok(await drones.findOne({ deviceSerialNumber: 'OLD-1' }));
    },
  );

  t.test('a drone deleted and registered again keeps its old incidents', async (t) => {
    const document: Document = { ...whole(), incidents: [incident()] };
    const { open, drones } = await legacy(t, [document]);
    const store = await open(t);
    const incidents = await store.listIncidents({ limit: 10 });
    await store.remove(await snapshotOf(store, 'OLD-1'), [sampleEvent('deleted', 'OLD-1', 'deleted')]);
    t.same(await store.listIncidents({ serialNumber: 'OLD-1', limit: 10 }), incidents);

    const drone = sampleDrone('OLD-1');
    await store.register(drone, [sampleEvent('created', 'OLD-1', 'created')]);
    t.same((await snapshotOf(store, 'OLD-1')).drone, drone);
    t.equal(await store.find({ id: document._id.toHexString() }), undefined);
    await acknowledge(store, ...(await allPending(store)));
    await store.close();

    const again = await open(t);
    t.same((await again.find({ id: drone.id }))?.drone, drone);
    t.same(await again.listIncidents({ serialNumber: 'OLD-1', limit: 10 }), incidents);
    t.equal(await drones.countDocuments(), 1);
  });

  t.test('serial numbers that are there twice are reported, and nothing is written', async (t) => {
    const { url, drones } = await legacy(t, []);
    await drones.dropIndexes();
    const twin = { ...whole(), _id: new ObjectId(), deviceName: 'Twin' };
    await drones.insertMany([whole(), twin]);
    const started = startMongoStore(t, url);
    const { store, log } = started;
    await log.find((message) => message.startsWith('writes wait: '));
    const refusal = new SharedSerialNumbers([
      {
        serialNumber: 'OLD-1',
        documents: (await drones.find().toArray()).map(({ _id }) => String(_id)).sort(),
      },
    ]);
    t.ok(refusal instanceof StoreUnavailable);
    await t.rejects(store.register(sampleDrone('DRN-1'), []), refusal);
    const snapshot = await snapshotOf(store, 'OLD-1');
    await t.rejects(store.commit(snapshot, { events: [] }), refusal);
    await t.rejects(store.remove(snapshot, []), refusal);
    await t.rejects(store.backlog(), refusal, 'so that the API does not say that it is ready');
    t.equal((await store.list({ limit: 10 })).items.length, 2, 'reading goes on');

    await drones.deleteOne({ _id: twin._id });
    await untilReady(started);
    t.ok(await store.register(sampleDrone('DRN-1'), []));
  });
}

if (requiresMongo(t)) {
  t.test('a collection of the older service', async (t) => {
    const server = await startMongo(t);
    legacyTests(t, server.url);
  });
}
