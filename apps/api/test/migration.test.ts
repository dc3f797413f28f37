import { MongoClient, ObjectId } from 'mongodb';
import t from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { runProcess } from '../../../test/support/process.js';
import { inspectDrone } from '../src/migration/inspection.js';
import { createDatabase } from './open-mongo.js';

const MIGRATE = 'apps/api/dist/migration/main.js';

/** As Mongoose wrote it. */
const whole = (serialNumber: string) => ({
  _id: new ObjectId(),
  deviceSerialNumber: serialNumber,
  deviceName: 'Old one',
  deviceCategory: 'Body Cam',
  metadata: { _id: new ObjectId(), alias: 'Falcon', description: null },
  streamCredentials: { userName: 'pilot', password: 'sesame', port: 9554 },
  isUsingAiDetection: true,
  streamUrl: null,
  cameras: [],
  incidents: [
    {
      _id: new ObjectId(),
      imageUrl: 'https://images.example.com/1.jpg',
      coordinates: { type: 'Point', coordinates: [8.5, 47.25] },
      objectBBox: [1, 2, 3, 4],
      timestamp: new Date(),
    },
  ],
  createdAt: new Date(),
  __v: 3,
});

t.test('what the older service wrote well has no findings, nor has what is missing', async (t) => {
  t.same(inspectDrone(whole('OLD-1')), []);
  t.same(inspectDrone({ _id: new ObjectId(), deviceSerialNumber: 'BARE' }), []);
});

t.test('what this service has written is left alone', async (t) => {
  t.same(inspectDrone({ ...whole('OLD-1'), seq: 1, streamUrl: 'sealed' }), []);
});

t.test('each field that does not fit is named, its value is not', async (t) => {
  const document = {
    ...whole('has  spaces'),
    deviceCategory: 'Rover',
    streamCredentials: { userName: 'pilot', password: 7, port: 'none' },
    detectionClasses: [1, 80],
    colour: 'red',
    incidents: [{ imageUrl: 'ftp://images.example.com', objectBBox: [1, 2, 3] }],
  };
  const findings = inspectDrone(document);
  t.same(findings.map(({ pointer }) => pointer).sort(), [
    '/colour',
    '/detectionClasses/1',
    '/deviceCategory',
    '/deviceSerialNumber',
    '/incidents/0/imageUrl',
    '/incidents/0/objectBBox',
    '/streamCredentials/password',
    '/streamCredentials/port',
  ]);
  for (const fits of ['AC:CC:8E:0F:12:34', 'A B', 'of-before-']) t.same(inspectDrone(whole(fits)), [], fits);
  t.notMatch(JSON.stringify(findings), /sesame|ftp|Rover/);
  t.same(inspectDrone({ ...whole('A'), incidents: 7 }), [
    { pointer: '/incidents', message: 'must be an array' },
  ]);
});

t.test('migrate --dry-run', { skip: !requiresMongo(t) && 'no MongoDB' }, async (t) => {
  const server = await startMongo(t);
  const url = createDatabase(t, server.url);
  const client = new MongoClient(url);
  t.teardown(() => client.close());
  const drones = client.db().collection('drones');
  const [first, second] = [whole('TWICE'), whole('TWICE')];
  await drones.insertMany([first, second, { ...whole('BAD'), cameras: [1] }, whole('GOOD')]);
  const before = await drones.find().toArray();
  const migrate = (...args: string[]) => runProcess(t, MIGRATE, { MONGODB_URL: url }, args);

  const { code, stdout, stderr } = await migrate('--dry-run');
  t.equal(code, 1);
  t.match(stdout, `${second._id}  TWICE  /deviceSerialNumber is also that of ${first._id}\n`);
  t.match(stdout, /BAD {2}\/cameras\/0 must be a string/);
  t.notMatch(stdout, 'GOOD');
  t.match(stderr, /^4 documents, 2 of them do not fit$/m);

  const json = (await migrate('--dry-run', '--json')).stdout.trim().split('\n');
  t.match(JSON.parse(json[0]!), {
    id: String(second._id),
    serialNumber: 'TWICE',
    pointer: '/deviceSerialNumber',
  });
  t.same(await drones.find().toArray(), before, 'nothing was written');

  await drones.deleteMany({ deviceSerialNumber: { $ne: 'GOOD' } });
  t.equal((await migrate('--dry-run')).code, 0);
  t.match(await migrate(), { code: 2, stdout: /Usage/ }, 'there is nothing else that it does');
});

t.test('a database that is away is one line, without its password', async (t) => {
  const env = { MONGODB_URL: 'mongodb://u:sesame@127.0.0.1:1/x', MONGODB_TIMEOUT_MS: '100' };
  const { code, stderr } = await runProcess(t, MIGRATE, env, ['--dry-run']);
  t.equal(code, 2);
  t.match(stderr, /^migrate: .*ECONNREFUSED.*\n$/);
  t.notMatch(stderr, 'sesame');
  t.match(await runProcess(t, MIGRATE, {}, ['--wet-run']), { code: 2, stderr: /^migrate: .*--wet-run/ });
});
