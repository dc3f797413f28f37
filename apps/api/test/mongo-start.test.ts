import { createHash } from 'node:crypto';
import { createAuthenticator } from '@dronecast/auth';
import { createMemoryBus } from '@dronecast/bus';
import { type Db, type Document, MongoClient, ObjectId } from 'mongodb';
import t, { type Test } from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { until } from '../../../test/support/queue.js';
import { createApi } from '../src/app.js';
import type { DroneStore } from '../src/store/drone-store.js';
import { createMongoStore } from '../src/store/mongo/mongo-store.js';
import { createLog } from './faults.js';
import { createDatabase, openMongoStore } from './open-mongo.js';
import { sampleDrone, sampleEvent, sampleIncident } from './samples.js';
import { acknowledge, allPending, rename, snapshotOf, there } from './store-contract/context.js';

const AT = new Date('2024-05-06T07:08:09.123Z');

const drone = (deviceSerialNumber: unknown, fields: Document = {}): Document => ({
  _id: new ObjectId(),
  deviceSerialNumber,
  deviceName: 'Old one',
  createdAt: AT,
  ...fields,
});
const incident = (fields: Document = {}): Document => ({
  _id: new ObjectId(),
  imageUrl: 'https://images.example.com/1.jpg',
  objectBBox: [1, 2, 3, 4],
  timestamp: AT,
  ...fields,
});

function startTests(t: Test, serverUrl: string): void {
  /** A database as `prepare` leaves it, for a store that is opened later. */
  async function legacy(t: Test, prepare: (db: Db) => Promise<unknown>) {
    const url = createDatabase(t, serverUrl);
    const client = new MongoClient(url, { ignoreUndefined: true });
    t.teardown(() => client.close());
    const db = client.db();
    await prepare(db);
    const open = async () => (await openMongoStore(t, url)).store;
    return { url, open, drones: db.collection('drones'), incidents: db.collection('incidents') };
  }

  /** Resolves with the store, which takes no second drone with a serial number. */
  async function openUnique(t: Test, open: () => Promise<DroneStore>): Promise<DroneStore> {
    const store = await open();
    t.equal(await store.register(sampleDrone('OLD-1'), []), undefined, 'serial numbers are unique');
    const outbox = await store.register(sampleDrone('NEW-1'), [sampleEvent('created', 'NEW-1', 'created')]);
    t.ok(outbox);
    await store.remove(await snapshotOf(store, 'NEW-1'), []);
    await acknowledge(store, ...(await allPending(store)));
    return store;
  }

  t.test('an index on the serial number that is not unique stays, and a unique one is made', async (t) => {
    const { open, drones } = await legacy(t, async (db) => {
      await db.collection('drones').insertOne(drone('OLD-1'));
      await db.collection('drones').createIndex({ deviceSerialNumber: 1 });
    });
    for (const _ of [1, 2]) await (await openUnique(t, open)).close();
    const indexes = await drones.indexes();
    t.equal(indexes.find(({ name }) => name === 'deviceSerialNumber_1')?.unique, undefined);
    t.equal(indexes.filter(({ unique }) => unique).length, 1);
  });

  t.test(
    'several documents without a serial number, or with the same number, are no hindrance',
    async (t) => {
      const { open } = await legacy(t, (db) =>
        db
          .collection('drones')
          .insertMany([undefined, undefined, null, 5, 5, '', '', 'OLD-1'].map((sn) => drone(sn))),
      );
      const store = await openUnique(t, open);
      const { items } = await store.list({ limit: 1 });
      t.match(items, [{ deviceSerialNumber: 'OLD-1' }]);
      t.notOk((await store.list({ limit: 1 })).isMore);
    },
  );

  t.test('indexes that are in the way of its own are no hindrance', async (t) => {
    const { open } = await legacy(t, async (db) => {
      await db.collection('drones').insertOne(drone('OLD-1'));
      await db.collection('drones').createIndex({ deviceName: 1 }, { name: 'publicId_1' });
      await db.collection('drones').createIndex({ pendingSince: 1 });
      await db.collection('drones').createIndex({ owner: 1 }, { name: 'deviceSerialNumber_1' });
      await db.collection('incidents').createIndex({ capturedAt: -1, _id: -1 }, { sparse: true });
      await db.collection('incidents').createIndex({ camera: 1 }, { name: 'classId_1_capturedAt_-1__id_-1' });
    });
    const store = await openUnique(t, open);
    await store.saveIncidents([sampleIncident('OLD-1')]);
    t.equal((await store.listIncidents({ limit: 5 })).items.length, 1);
  });

  t.test('what embeds no incidents is no hindrance, and a reference is none', async (t) => {
    const reference = new ObjectId();
    const id = createHash('sha256')
      .update(`OLD-1\n${JSON.stringify(reference)}`)
      .digest('hex')
      .slice(0, 24);
    const { open, incidents } = await legacy(t, async (db) => {
      const odd = [
        null,
        'x',
        5,
        [null],
        { 0: { imageUrl: 'x' } },
        [[]],
        [{ _id: new ObjectId() }],
        [new Date()],
      ];
      await db
        .collection('drones')
        .insertMany([
          drone('OLD-1', { incidents: [reference, incident()] }),
          ...odd.map((value, index) => drone(`ODD-${index}`, { incidents: value })),
        ]);
      // As an earlier version has made it of the reference.
      const madeUp = { serialNumber: 'OLD-1', imageUrl: '', objectBBox: [0, 0, 0, 0] };
      const never = { capturedAt: new Date(0), createdAt: new Date(0) };
      await db.collection('incidents').insertOne({ _id: new ObjectId(id), ...madeUp, ...never });
    });
    const store = await openUnique(t, open);
    t.match((await store.listIncidents({ limit: 5 })).items, [{ capturedAt: AT.toISOString() }]);
    t.equal(await incidents.countDocuments(), 1);
    t.equal((await store.list({ limit: 50 })).items.length, 9);
  });

  t.test(
    'embedded incidents are copied once, and those that are added later at the next start',
    async (t) => {
      const [first, second, third] = [incident(), incident({ timestamp: '2024-05-06T07:08:10' }), incident()];
      const { open, drones, incidents } = await legacy(t, (db) =>
        db.collection('drones').insertMany([drone('OLD-1', { incidents: [first, second] }), drone('OLD-2')]),
      );
      let store = await open();
      t.match((await store.listIncidents({ limit: 5 })).items, [
        { id: String(second._id), capturedAt: '2024-05-06T07:08:10.000Z' },
        { id: String(first._id) },
      ]);
      await store.close();
      await incidents.deleteOne({ _id: first._id });
      store = await open();
      t.equal(await incidents.countDocuments(), 1, 'they are not copied again');
      await store.close();

      await drones.updateOne({ deviceSerialNumber: 'OLD-1' }, { $push: { incidents: third } } as Document);
      store = await open();
      t.equal(await incidents.countDocuments(), 3, 'one more makes another mark');

      const fourth = incident();
      await drones.updateOne({ deviceSerialNumber: 'OLD-1' }, { $push: { incidents: fourth } } as Document);
      await store.remove(await snapshotOf(store, 'OLD-1'), [sampleEvent('deleted', 'OLD-1', 'deleted')]);
      t.ok(await incidents.findOne({ _id: fourth._id }), 'what goes with its drone is copied before');
      t.equal((await drones.findOne({ deviceSerialNumber: 'OLD-1' }))?.incidents, undefined);
    },
  );

  t.test(
    'incidents that the database refuses are no hindrance, and tried again at the next start',
    async (t) => {
      const validator = { $jsonSchema: { required: ['approved'] } };
      const { open, drones, incidents } = await legacy(t, async (db) => {
        await db.collection('drones').insertOne(drone('OLD-1', { incidents: [incident()] }));
        await db.createCollection('incidents', { validator });
      });
      let store = await openUnique(t, open);
      t.same((await store.listIncidents({ limit: 5 })).items, []);
      await store.close();
      await incidents.drop();
      store = await open();
      t.equal((await store.listIncidents({ limit: 5 })).items.length, 1);
      t.type((await drones.findOne({ deviceSerialNumber: 'OLD-1' }))?.copiedIncidents, 'string');
    },
  );

  t.test('outboxes of documents with other ids are found, published and acknowledged', async (t) => {
    const ids = ['cam-1', 42, { site: 1 }, '6b04793ea707e9d128d4384e'];
    const { open } = await legacy(t, (db) =>
      db
        .collection<Document>('drones')
        .insertMany(ids.map((_id, index) => drone(`OLD-${index + 1}`, { _id }))),
    );
    const store = await open();
    for (const index of ids.keys()) await rename(store, `OLD-${index + 1}`, 'New name');
    const outboxes = await allPending(store);
    t.same(outboxes.map(({ serialNumber }) => serialNumber).sort(), ['OLD-1', 'OLD-2', 'OLD-3', 'OLD-4']);
    for (const { key } of outboxes)
      t.match(await store.readOutbox(key), { key, head: 1, entries: [{ seq: 1 }] });
    await acknowledge(store, ...outboxes);
    t.same(await store.backlog(), { drones: 0 });

    const snapshot = await snapshotOf(store, 'OLD-1');
    const reported = sampleIncident('OLD-1');
    t.ok(
      await store.commit(snapshot, {
        events: [sampleEvent('seen', 'OLD-1', 'incident')],
        incident: reported,
      }),
    );
    t.same(await store.findIncident(await snapshotOf(store, 'OLD-1'), reported.id), reported);
    const { drone: again } = there(await store.find({ id: snapshot.drone.id }));
    t.same(again, snapshot.drone);
  });

  t.test(
    'two documents with one serial number are named, and reads are served until one is gone',
    async (t) => {
      const [first, second] = [drone('TWICE', { incidents: [incident()] }), drone('TWICE', { _id: 'cam-1' })];
      const { url, drones } = await legacy(t, (db) =>
        db.collection<Document>('drones').insertMany([first, drone('GOOD'), second]),
      );
      const log = createLog();
      const app = createApi(
        {
          store: createMongoStore({ url, poolSize: 20, timeoutMs: 3000, log }),
          bus: createMemoryBus({ maxEvents: 100, maxAgeHours: 1 }),
          authenticator: createAuthenticator({ mode: 'none' }, { log: { warn() {} } }),
          limiter: undefined,
        },
        { logLevel: 'silent', corsOrigins: [], credentialsKeys: undefined },
      );
      t.teardown(() => app.close());
      const ready = async () => {
        const { statusCode, body } = await app.inject('/health/ready');
        return { status: statusCode, body: JSON.parse(body) };
      };
      await log.lines.find(({ message }) => message.startsWith('writes wait: '));
      const documents = [String(first._id), 'cam-1'].sort();
      t.match(await ready(), {
        status: 503,
        body: {
          status: 'unavailable',
          missing: ['mongodb unique serial numbers'],
          sharedSerialNumbers: [{ serialNumber: 'TWICE', documents }],
        },
      });
      const patch = {
        method: 'PATCH',
        url: '/api/v1/drones/sn/GOOD',
        payload: { deviceName: 'New' },
      } as const;
      const refused = await app.inject(patch);
      t.match(JSON.parse(refused.body), { status: 503, code: 'serial_numbers_shared' });
      t.ok(refused.headers['retry-after']);
      t.notMatch(refused.body, /TWICE/);
      for (const path of ['/drones', '/drones/sn/GOOD', '/drones/sn/TWICE', '/incidents'])
        t.equal((await app.inject(`/api/v1${path}`)).statusCode, 200, path);
      t.equal(JSON.parse((await app.inject('/api/v1/incidents')).body).results, 1);

      await drones.deleteOne({ _id: first._id });
      await until(async () => (await ready()).status === 200);
      t.equal((await app.inject(patch)).statusCode, 200);
    },
  );
}

if (requiresMongo(t)) {
  t.test('the start on a database of the older service', async (t) => {
    const server = await startMongo(t);
    startTests(t, server.url);
  });
}
