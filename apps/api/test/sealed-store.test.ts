import { randomBytes } from 'node:crypto';
import { createAuthenticator } from '@dronecast/auth';
import { createMemoryBus } from '@dronecast/bus';
import { ConfigError } from '@dronecast/runtime';
import { MongoClient } from 'mongodb';
import t from 'tap';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { createApi } from '../src/app.js';
import { parseCredentialsKeys } from '../src/credentials-keys.js';
import { isSealed } from '../src/drone/sealed.js';
import { type CredentialsKey, createCipher } from '../src/store/cipher.js';
import { createSealedStore } from '../src/store/sealed-store.js';
import { openLmdbStore } from './open-lmdb.js';
import { createDatabase, openMongoStore } from './open-mongo.js';
import { sampleDrone, sampleEvent } from './samples.js';
import { type OpenedStore, snapshotOf } from './store-contract/context.js';
import { droneStoreContract } from './store-contract.js';

const newKey = (id: string): CredentialsKey => ({ id, secret: randomBytes(32) });
const [old, current] = [newKey('2025'), newKey('2026')] as const;

const PASSWORD = 'hunter2-hunter2';
const URL_WITH_USER = 'rtsp://pilot:hunter3-hunter3@camera.example/1';

async function sealed(opening: Promise<OpenedStore>): Promise<OpenedStore> {
  const { store, reopen } = await opening;
  const cipher = createCipher([current]);
  return {
    store: createSealedStore(store, cipher),
    reopen: async () => createSealedStore(await reopen(), cipher),
  };
}

droneStoreContract(t, 'lmdb with a key', (t) => sealed(openLmdbStore(t)));

if (requiresMongo(t)) {
  t.test('on one server', async (t) => {
    const server = await startMongo(t);
    droneStoreContract(t, 'mongodb with a key', (t) =>
      sealed(openMongoStore(t, createDatabase(t, server.url))),
    );

    t.test('a plain password of an older document is encrypted by a change of another field', async (t) => {
      const url = createDatabase(t, server.url);
      const client = new MongoClient(url);
      t.teardown(() => client.close());
      const drones = client.db().collection('drones');
      const streamCredentials = { userName: 7, password: PASSWORD, port: 554 };
      await drones.insertMany([
        { deviceSerialNumber: 'PLAIN', streamUrl: URL_WITH_USER, streamCredentials },
        {
          deviceSerialNumber: 'ODD',
          streamUrl: 5,
          streamCredentials: { ...streamCredentials, password: 1234 },
        },
      ]);
      const { store } = await sealed(openMongoStore(t, url));
      for (const sn of ['PLAIN', 'ODD']) {
        const snapshot = await snapshotOf(store, sn);
        t.ok(await store.commit(snapshot, { drone: { ...snapshot.drone, deviceName: 'New' }, events: [] }));
        t.match((await snapshotOf(store, sn)).drone, { ...snapshot.drone, deviceName: 'New' });
      }
      const [plain, odd] = await drones.find().sort({ deviceSerialNumber: -1 }).toArray();
      t.ok(isSealed(plain?.streamCredentials.password) && isSealed(plain?.streamUrl));
      t.match(plain?.streamCredentials, { userName: 7, port: 554 });
      t.match(odd, { streamUrl: 5, streamCredentials: { userName: 7, password: 1234, port: 554 } });
    });
  });
}

const secretDrone = (serialNumber: string) => ({
  ...sampleDrone(serialNumber),
  streamUrl: URL_WITH_USER,
  webRTCUrl: 'https://camera.example/2',
  streamCredentials: { userName: 'pilot', password: PASSWORD, port: '8554' },
});

t.test('the hash of a registration is stored sealed, and read with the key it was sealed with', async (t) => {
  const { store: plain } = await openLmdbStore(t);
  const request = { key: 'k', hash: 'ab12', at: new Date() };
  const events = [sampleEvent('created', 'DRN-1', 'created')];
  await createSealedStore(plain, createCipher([old])).register(
    secretDrone('DRN-1'),
    events,
    undefined,
    request,
  );
  const stored = (await snapshotOf(plain, 'DRN-1')).registration;
  t.ok(isSealed(stored?.hash ?? ''), 'whoever has the database could try passwords against it');
  const rotated = createSealedStore(plain, createCipher([current, old]));
  t.strictSame((await snapshotOf(rotated, 'DRN-1')).registration, request);
});

t.test('what is stored shows no secret, and is of use for its own drone alone', async (t) => {
  const { store: plain } = await openLmdbStore(t);
  const store = createSealedStore(plain, createCipher([old]));
  const drone = secretDrone('DRN-1');
  await store.register(drone, [sampleEvent('created', 'DRN-1', 'created')]);
  const { drone: stored } = await snapshotOf(plain, 'DRN-1');
  t.notMatch(JSON.stringify(stored), /hunter/);
  t.equal(stored.webRTCUrl, 'https://camera.example/2', 'what holds no secret stays as it is');
  t.same((await snapshotOf(store, 'DRN-1')).drone, drone);
  t.same((await store.list({ limit: 10 })).items, [drone]);

  const twice = createCipher([old]);
  t.not(twice.seal(PASSWORD, 'DRN-1'), twice.seal(PASSWORD, 'DRN-1'));
  await plain.register({ ...stored, id: sampleDrone('DRN-2').id, deviceSerialNumber: 'DRN-2' }, []);
  t.ok(isSealed((await snapshotOf(store, 'DRN-2')).drone.streamCredentials.password));

  const rotated = createSealedStore(plain, createCipher([current, old]));
  const snapshot = await snapshotOf(rotated, 'DRN-1');
  t.equal(snapshot.drone.streamCredentials.password, PASSWORD);
  await rotated.commit(snapshot, { drone: { ...snapshot.drone, deviceName: 'new' }, events: [] });
  const forgotten = createSealedStore(plain, createCipher([current]));
  t.equal(
    (await snapshotOf(forgotten, 'DRN-1')).drone.streamCredentials.password,
    PASSWORD,
    'what is written anew is under the first key',
  );
  await forgotten.register(
    { ...secretDrone('DRN-3'), streamCredentials: { userName: '', password: '', port: '1' } },
    [],
  );
  t.equal((await snapshotOf(plain, 'DRN-3')).drone.streamCredentials.password, '');
});

t.test('under a key that is not known here, all but the credentials goes on', async (t) => {
  const { store } = await openLmdbStore(t);
  await createSealedStore(store, createCipher([old])).register(secretDrone('DRN-1'), []);
  const app = createApi(
    {
      store,
      bus: createMemoryBus({ maxEvents: 10, maxAgeHours: 1 }),
      authenticator: createAuthenticator({ mode: 'none' }, { log: { warn: t.comment } }),
      limiter: undefined,
    },
    { logLevel: 'silent', corsOrigins: [], credentialsKeys: [current] },
  );
  const url = '/api/v1/drones/sn/DRN-1';
  const patch = async (payload: object) => (await app.inject({ method: 'PATCH', url, payload })).statusCode;
  const get = async () => {
    const { statusCode, body } = await app.inject({ url });
    return { statusCode, ...JSON.parse(body) };
  };
  t.match(await get(), { statusCode: 500, code: 'credentials_unreadable' });
  const list = await app.inject({ url: '/api/v1/drones' });
  t.match(JSON.parse(list.body).data.drones, [{ streamUrl: '***' }]);
  t.equal(await patch({ deviceName: 'new' }), 200);
  t.equal(await patch({ streamCredentials: { password: 'another' }, streamUrl: null }), 200);
  t.match(await get(), {
    statusCode: 200,
    data: { drone: { deviceName: 'new', streamCredentials: { password: 'another' } } },
  });
  const [again, etag] = [
    await patch({ streamCredentials: { password: 'another' } }),
    (await get()).data.drone.revision,
  ];
  t.same([again, etag], [200, 3], 'the same password is no change');
  await app.close();
});

t.test('keys are read from the setting, or refused by its name', async (t) => {
  const secret = randomBytes(32).toString('base64');
  t.match(parseCredentialsKeys(`b:${secret}, a_1:${secret}`), [{ id: 'b' }, { id: 'a_1' }]);
  for (const wrong of [
    secret,
    `a:${secret.slice(4)}`,
    `:${secret}`,
    `a:${secret},`,
    `a:${secret},a:${secret}`,
  ]) {
    t.throws(() => parseCredentialsKeys(wrong), { name: ConfigError.name, message: /^CREDENTIALS_KEY / });
  }
});
