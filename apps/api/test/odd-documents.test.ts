import { createAuthenticator } from '@dronecast/auth';
import { createMemoryBus } from '@dronecast/bus';
import { BSON, type Document, MongoClient, ObjectId, Timestamp } from 'mongodb';
import t, { type Test } from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { runProcess } from '../../../test/support/process.js';
import { Queue, until } from '../../../test/support/queue.js';
import { createApi } from '../src/app.js';
import { createMongoStore } from '../src/store/mongo/mongo-store.js';
import { createLog } from './faults.js';
import { ODD_DRONES, ODD_INCIDENTS } from './odd-documents.js';
import { createDatabase } from './open-mongo.js';

const MIGRATE = 'apps/api/dist/migration/main.js';
const GOOD = {
  _id: new ObjectId(),
  deviceSerialNumber: 'GOOD',
  deviceName: 'Good one',
  deviceCategory: 'DRONE',
  createdAt: new Date('2024-05-06T07:08:09.123Z'),
};
const SERVED = ODD_DRONES.filter(({ served }) => served !== undefined);
const CORPUS = [GOOD, ...ODD_DRONES.map(({ document }) => document)];

/** The API on a database that holds these documents. */
async function startApi(t: Test, url: string) {
  const bus = createMemoryBus({ maxEvents: 10_000, maxAgeHours: 1 });
  const published = new Queue<string>();
  bus.subscribe({ connected() {}, disconnected() {}, message: (channel) => published.push(channel) });
  const log = createLog();
  const app = createApi(
    {
      store: createMongoStore({ url, poolSize: 20, timeoutMs: 3000, log }),
      bus,
      authenticator: createAuthenticator({ mode: 'none' }, { log: { warn() {} } }),
      limiter: undefined,
    },
    { logLevel: 'silent', corsOrigins: [], credentialsKeys: undefined },
  );
  t.teardown(() => app.close());
  async function call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) {
    const { statusCode, body, headers } = await app.inject({
      method,
      url: path.startsWith('/health') ? path : `/api/v1${path}`,
      ...(payload && { payload }),
    });
    return { status: statusCode, headers, body: body && JSON.parse(body) };
  }
  return { call, published, log };
}

type Api = Awaited<ReturnType<typeof startApi>>;

const untilReady = ({ call }: Api): Promise<void> =>
  until(async () => (await call('GET', '/health/ready')).status === 200);

/** All pages of a list. */
async function listAll(call: Api['call'], path: string, name: string): Promise<Document[]> {
  const all: Document[] = [];
  for (let cursor = ''; ; ) {
    const { status, body } = await call('GET', `${path}${cursor}`);
    if (status !== 200) throw new Error(`${path}${cursor}: ${status} ${JSON.stringify(body)}`);
    all.push(...body.data[name]);
    if (body.nextCursor === undefined) return all;
    cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
  }
}

/** The stored bytes of a field, so that types and order count. */
const bytesOf = (document: Document | null, field: string): string =>
  Buffer.from(BSON.serialize({ value: document?.[field] })).toString('hex');

function corpusTests(t: Test, serverUrl: string): void {
  async function legacy(t: Test, drones: readonly Document[], incidents: readonly Document[] = []) {
    const url = createDatabase(t, serverUrl);
    const client = new MongoClient(url, { promoteValues: false, ignoreUndefined: true });
    t.teardown(() => client.close());
    const db = client.db();
    await db.collection('drones').insertMany([...drones]);
    if (incidents.length > 0) await db.collection('incidents').insertMany([...incidents]);
    return { url, db, drones: db.collection<Document>('drones') };
  }

  t.test('odd documents are served with defaults, and the good one as ever', async (t) => {
    t.ok(ODD_DRONES.length + ODD_INCIDENTS.length >= 60, `${ODD_DRONES.length} and ${ODD_INCIDENTS.length}`);
    const { url } = await legacy(t, CORPUS);
    const api = await startApi(t, url);
    await untilReady(api);
    const serialNumbers = ['GOOD', ...SERVED.map(({ document }) => document.deviceSerialNumber)].sort();
    for (const limit of [1000, 7, 1]) {
      const listed = await listAll(api.call, `/drones?limit=${limit}`, 'drones');
      t.same(
        listed.map(({ deviceSerialNumber }) => deviceSerialNumber),
        serialNumbers,
        `in pages of ${limit}`,
      );
      for (const { name, document, served = {} } of SERVED) {
        const drone = listed.find(({ deviceSerialNumber: sn }) => sn === document.deviceSerialNumber);
        t.match(drone, served, `${name} is listed`);
      }
    }
    const listed = await listAll(api.call, '/drones?limit=1000', 'drones');
    for (const drone of listed) {
      const bySerialNumber = await api.call('GET', `/drones/sn/${drone.deviceSerialNumber}`);
      const byId = await api.call('GET', `/drones/${drone.id}`);
      t.match(bySerialNumber.body.data?.drone, drone, `${drone.deviceSerialNumber} by serial number`);
      t.same(byId.body, bySerialNumber.body, 'and by id');
    }
    for (const filter of ['category=DRONE', 'category=CCTV', 'category=BODY%20CAM'].concat(
      ['streamIsOn', 'isUsingAiDetection'].flatMap((flag) => [`${flag}=true`, `${flag}=false`]),
    )) {
      const [name = '', value = ''] = filter.split('=');
      const field = name === 'category' ? 'deviceCategory' : name;
      const isMeant = (drone: Document) => String(drone[field]) === decodeURIComponent(value);
      const found = await listAll(api.call, `/drones?limit=9&${filter}`, 'drones');
      t.same(
        found.map(({ id }) => id),
        listed.filter(isMeant).map(({ id }) => id),
        filter,
      );
    }
  });

  t.test('each field is logged once, whatever is read how often', async (t) => {
    const { url } = await legacy(t, CORPUS);
    const api = await startApi(t, url);
    await untilReady(api);
    for (const _ of [1, 2, 3]) await api.call('GET', '/drones?limit=1000');
    const lines: string[] = [];
    while (api.log.lines.length > 0) lines.push((await api.log.lines.next()).message);
    const told = lines.filter((line) => line.includes('must be a string.'));
    t.ok(told.length > 3 && told.length < 15, `${told.length} lines`);
  });

  t.test('a change of another field leaves the odd value as it is stored, and is told', async (t) => {
    const { url, drones } = await legacy(t, CORPUS);
    const api = await startApi(t, url);
    await untilReady(api);
    const isUpdate = (sn: string) => (channel: string) => channel === `drone:${sn}:updated`;
    for (const { name, pointer, document, served = {}, isKept } of SERVED) {
      const { _id, deviceSerialNumber: sn } = document;
      const change =
        pointer === '/deviceName' ? { webRTCUrl: 'https://media.example.com/whep' } : { deviceName: 'New' };
      const before = await drones.findOne({ _id });
      const patched = await api.call('PATCH', `/drones/sn/${sn}`, change);
      t.match(patched, { status: 200, body: { data: { drone: { revision: 1 } } } }, `${name} can be changed`);
      await api.published.find(isUpdate(sn));
      const { updatedAt, revision, ...shown } = served;
      t.match((await api.call('GET', `/drones/sn/${sn}`)).body.data.drone, { ...shown, ...change });
      const after = await drones.findOne({ _id });
      const written = new Set([
        'updatedAt',
        'revision',
        ...Object.keys(change),
        ...(isKept ? [] : [pointer.split('/')[1]]),
      ]);
      for (const field of Object.keys(before ?? {}).filter((field) => !written.has(field)))
        t.equal(bytesOf(after, field), bytesOf(before, field), `${name}: ${field} is kept`);
    }
    await api.call('PATCH', '/drones/sn/GOOD', { deviceName: 'Changed' });
    await api.published.find(isUpdate('GOOD'));

    for (const { name, document } of SERVED) {
      const sn: string = document.deviceSerialNumber;
      const report = { imageUrl: 'https://images.example.com/1.jpg', objectBBox: [1, 2, 3, 4] };
      t.equal((await api.call('POST', `/drones/sn/${sn}/incidents`, report)).status, 201, name);
      await api.published.find((channel) => channel === `drone:${sn}:incident`);
      t.equal((await api.call('DELETE', `/drones/sn/${sn}`)).status, 204, `${name} can be deleted`);
      await api.published.find((channel) => channel === `drone:${sn}:deleted`);
    }
    const left = ODD_DRONES.length - SERVED.length + 1;
    // A number of its own type, since this client keeps types.
    await until(async () => Number(await drones.countDocuments()) === left);
    t.match((await api.call('GET', '/health/ready')).body, { backlog: { drones: 0 } });
  });

  t.test('a change within an object leaves its other members as they are stored', async (t) => {
    const metadata = {
      _id: new ObjectId(),
      alias: 5,
      description: 'old',
      'a.b': [1],
      $c: new Timestamp({ t: 1, i: 2 }),
    };
    const streamCredentials = { userName: ['x'], password: 7.5, port: 554 };
    const others = { metadata: 'x', streamCredentials: [] };
    const { url, drones } = await legacy(t, [
      { ...GOOD, metadata, streamCredentials },
      { ...GOOD, ...others, _id: new ObjectId(), deviceSerialNumber: 'OTHER' },
      { ...GOOD, metadata: null, _id: new ObjectId(), deviceSerialNumber: 'NULL' },
    ]);
    const api = await startApi(t, url);
    await untilReady(api);
    const change = { metadata: { description: 'new' }, streamCredentials: { userName: 'pilot' } };
    for (const sn of ['GOOD', 'OTHER', 'NULL']) {
      const { body } = await api.call('PATCH', `/drones/sn/${sn}`, change);
      t.match(body.data.drone, {
        metadata: { alias: '', description: 'new' },
        streamCredentials: { userName: 'pilot' },
      });
    }
    const stored = async (deviceSerialNumber: string) => drones.findOne({ deviceSerialNumber });
    const good = await stored('GOOD');
    t.equal(
      bytesOf(good, 'metadata'),
      bytesOf({ metadata: { ...metadata, description: 'new' } }, 'metadata'),
    );
    t.equal(
      bytesOf(good, 'streamCredentials'),
      bytesOf({ streamCredentials: { ...streamCredentials, userName: 'pilot' } }, 'streamCredentials'),
    );
    for (const sn of ['OTHER', 'NULL'])
      t.match(
        await stored(sn),
        { metadata: { alias: '', description: 'new' } },
        'what is no object is set as a whole',
      );
    await api.call('PATCH', '/drones/sn/GOOD', { metadata: { alias: null } });
    t.match(
      await stored('GOOD'),
      { metadata: { alias: 5 } },
      'what is read as the default already, is not changed to it',
    );
  });

  t.test('incidents of the older service are listed among the others', async (t) => {
    const documents = ODD_INCIDENTS.map(({ document }) => document);
    const { url, db } = await legacy(t, [GOOD], documents);
    const api = await startApi(t, url);
    await untilReady(api);
    const report = { imageUrl: 'https://images.example.com/new.jpg', objectBBox: [1, 2, 3, 4] };
    for (const capturedAt of [
      '2024-05-06T07:08:09.000Z',
      '2024-05-06T07:08:10.000Z',
      '2025-01-01T00:00:00.000Z',
    ])
      await api.call('POST', '/drones/sn/GOOD/incidents', { ...report, capturedAt });
    const served = ODD_INCIDENTS.filter(({ served }) => served !== undefined);
    const all = await listAll(api.call, '/incidents?limit=1000', 'incidents');
    t.equal(all.length, served.length + 3);
    const places = all.map(({ capturedAt, id }) => `${capturedAt} ${id}`);
    t.same(places, [...places].sort().reverse(), 'newest first');
    for (const limit of [1, 2, 5])
      t.same(await listAll(api.call, `/incidents?limit=${limit}`, 'incidents'), all, `in pages of ${limit}`);
    t.same(await listAll(api.call, '/drones/sn/GOOD/incidents?limit=4', 'incidents'), all);
    for (const { name, document, served: expected = {} } of served) {
      const { imageUrl } = expected.imageUrl === '' ? expected : document;
      const incident = all.find((one) => one.imageUrl === imageUrl);
      t.ok(incident, `${name} is listed`);
      for (const [field, value] of Object.entries(expected))
        t.same(incident?.[field], value, `${name}: ${field}`);
    }
    const inTime = '&from=2024-05-06T07:08:09.000Z&to=2024-05-06T07:08:09.000Z';
    t.same(
      await listAll(api.call, `/incidents?limit=3${inTime}`, 'incidents'),
      all.filter(({ capturedAt }) => capturedAt === '2024-05-06T07:08:09.000Z'),
    );
    for (const document of await db
      .collection('incidents')
      .find({ imageUrl: /\/\d+\.jpg$/ })
      .toArray()) {
      const { readAs, ...others } = document;
      const fields = 'capturedAt' in Object(readAs) ? others : document;
      const original = documents.find(({ imageUrl }) => imageUrl === fields.imageUrl);
      const stored = { ...original };
      for (const [name, value] of Object.entries(stored)) if (value === undefined) delete stored[name];
      t.same(Object.keys(fields), Object.keys(stored), 'nothing but one field is added');
    }
  });

  t.test('migrate --dry-run names each odd value', async (t) => {
    const { url, db } = await legacy(
      t,
      CORPUS,
      ODD_INCIDENTS.map(({ document }) => document),
    );
    await db.collection('drones').createIndex({ deviceSerialNumber: 1 });
    const { stdout, code } = await runProcess(t, MIGRATE, { MONGODB_URL: url }, ['--dry-run', '--json']);
    t.equal(code, 1);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Document);
    for (const { name, document, pointer } of [...ODD_DRONES, ...ODD_INCIDENTS]) {
      const { _id } = document;
      const id = typeof _id === 'string' || _id instanceof ObjectId ? String(_id) : undefined;
      const found = findings.filter(
        (finding) => finding.pointer === pointer && (id === undefined || finding.id === id),
      );
      t.ok(found.length > 0, `${name} is named`);
    }
    t.match(
      findings.filter(({ id }) => id === 'index deviceSerialNumber_1'),
      [{ collection: 'drones' }],
    );
    t.notOk(
      findings.some(({ id }) => id === String(GOOD._id)),
      'the good one is not',
    );
    t.notMatch(stdout, /sesame/);
  });
}

if (requiresMongo(t)) {
  t.test('odd documents beside a good one', async (t) => {
    const server = await startMongo(t);
    corpusTests(t, server.url);
  });
}
