import { type Document, MongoClient } from 'mongodb';
import t, { type Test } from 'tap';
import { requiresOwnMongo, startOwnMongo } from '../../../test/support/mongo-server.js';
import { until } from '../../../test/support/queue.js';
import { type DroneStore, OutcomeUnknown, StoreUnavailable } from '../src/store/drone-store.js';
import { openMongoStore, startMongoStore, untilReady } from './open-mongo.js';
import { newId, sampleDrone, sampleEvent, sampleIncident } from './samples.js';
import { allPending, commitName, oneTo, register, seqs, snapshotOf } from './store-contract/context.js';

const drone = sampleDrone('AWAY');
const away = { drone, outbox: { key: newId(), seq: 1, bytes: 0 }, source: { _id: newId(), seq: 1 } };

/** Every access, none of which needs that something is there. */
const ACCESSES: Record<string, (store: DroneStore) => Promise<unknown>> = {
  register: (store) => store.register(sampleDrone('NEW'), []),
  'find by id': (store) => store.find({ id: newId() }),
  'find by serial number': (store) => store.find({ serialNumber: 'DRN-1' }),
  list: (store) => store.list({ limit: 1 }),
  commit: (store) => store.commit(away, { drone, events: [] }),
  remove: (store) => store.remove(away, []),
  saveIncidents: (store) => store.saveIncidents([sampleIncident('DRN-1')]),
  findIncident: (store) => store.findIncident(away, newId()),
  listIncidents: (store) => store.listIncidents({ limit: 1 }),
  pending: (store) => store.pending({ before: new Date(), limit: 1 }),
  readOutbox: (store) => store.readOutbox(newId()),
  acknowledge: (store) =>
    store.acknowledge([{ key: newId(), first: 1, last: 1, name: undefined, isFinal: false }]),
  backlog: (store) => store.backlog(),
};

/** Whether the query fails because the database is unavailable, its outcome known or not. */
const isUnavailable = (query: Promise<unknown>): Promise<boolean> =>
  query.then(
    () => false,
    (error: unknown) => error instanceof StoreUnavailable,
  );

async function allUnavailable(t: Test, store: DroneStore): Promise<void> {
  await Promise.all(
    Object.entries(ACCESSES).map(async ([name, access]) => t.ok(await isUnavailable(access(store)), name)),
  );
}

async function allWork(t: Test, store: DroneStore): Promise<void> {
  await until(() =>
    register(store, `DRN-${newId()}`).then(
      () => true,
      () => false,
    ),
  );
  for (const [name, access] of Object.entries(ACCESSES)) await t.resolves(access(store), name);
}

function outageTests(t: Test): void {
  t.test('a store that is started before its server becomes ready by itself', async (t) => {
    const server = await startOwnMongo(t);
    await server.stop('SIGKILL');
    const started = startMongoStore(t, server.url);
    await allUnavailable(t, started.store);
    await started.log.find((message) => message === 'waiting for mongodb');
    await server.restart();
    await untilReady(started);
    await allWork(t, started.store);
  });

  t.test('a commit that may still be carried out is told from other queries', async (t) => {
    const server = await startOwnMongo(t);
    const { store } = await openMongoStore(t, server.url);
    await register(store, 'DRN-1');
    const snapshot = await snapshotOf(store, 'DRN-1');
    server.kill('SIGSTOP');
    await t.rejects(commitName(store, snapshot, 'frozen'), OutcomeUnknown);
    server.kill('SIGCONT');
    await until(async () => (await snapshotOf(store, 'DRN-1')).outbox.seq > snapshot.outbox.seq);
    server.kill('SIGSTOP');
    const error = await store.saveIncidents([sampleIncident('DRN-1')]).catch((reason: unknown) => reason);
    server.kill('SIGCONT');
    t.match(error, { name: 'StoreUnavailable' });
  });

  t.test('a store closes while it waits for its server', async (t) => {
    const server = await startOwnMongo(t);
    await server.stop('SIGKILL');
    const { store, log } = startMongoStore(t, server.url);
    await log.next();
    await store.close();
    await store.close();
  });

  t.test('kill -9 in the middle of commits loses none that was answered', async (t) => {
    const server = await startOwnMongo(t);
    const { store } = await openMongoStore(t, server.url);
    const serialNumbers = oneTo(5).map((i) => `DRN-${i}`);
    for (const serialNumber of serialNumbers) await register(store, serialNumber);

    const answered = new Map<string, number>();
    const failures = await Promise.all([
      ...serialNumbers.map(async (serialNumber) => {
        for (let i = 1; ; i++) {
          try {
            await commitName(store, await snapshotOf(store, serialNumber), `${i}`);
            answered.set(serialNumber, i);
          } catch (error) {
            return error;
          }
        }
      }),
      until(() => serialNumbers.every((serialNumber) => (answered.get(serialNumber) ?? 0) >= 10)).then(() =>
        server.stop('SIGKILL'),
      ),
    ]);
    failures.pop();
    t.same(
      failures.map((error) => error instanceof StoreUnavailable),
      serialNumbers.map(() => true),
    );
    await allUnavailable(t, store);

    await server.restart();
    await allWork(t, store);
    const outboxes = await allPending(store);
    for (const serialNumber of serialNumbers) {
      const { drone, outbox } = await snapshotOf(store, serialNumber);
      const last = answered.get(serialNumber) ?? 0;
      t.ok(Number(drone.deviceName) >= last, `${drone.deviceName}, ${last} answered`);
      t.equal(drone.revision, outbox.seq);
      const waiting = outboxes.find(({ key }) => key === outbox.key);
      t.same(waiting && seqs(waiting), oneTo(outbox.seq));
    }
  });

  t.test('a server that is silent is away, until it speaks again', async (t) => {
    const server = await startOwnMongo(t);
    const { store } = await openMongoStore(t, server.url);
    await register(store, 'DRN-1');
    server.kill('SIGSTOP');
    // A busy machine delivers the signal when it comes to it.
    const isSilent = () =>
      store.backlog().then(
        () => false,
        () => true,
      );
    await until(isSilent);
    await allUnavailable(t, store);
    server.kill('SIGCONT');
    await allWork(t, store);
    t.ok(await store.find({ serialNumber: 'DRN-1' }));
  });

  t.test('a fault of the server is an outage when it passes, else an error', async (t) => {
    const server = await startOwnMongo(t);
    const { store } = await openMongoStore(t, server.url);
    await register(store, 'DRN-1');
    const client = new MongoClient(server.url);
    t.teardown(() => client.close());
    const fail = (data: Document) =>
      client.db('admin').command({
        configureFailPoint: 'failCommand',
        mode: { times: 1 },
        data: { failCommands: ['findAndModify', 'update'], ...data },
      });
    const commit = async () => store.commit(await snapshotOf(store, 'DRN-1'), { events: [sampleEvent('a')] });
    const saveIncident = (): Promise<unknown> => store.saveIncidents([sampleIncident('DRN-1')]);

    const passing: Document[] = [
      { closeConnection: true },
      { errorCode: 91 }, // ShutdownInProgress
      { errorCode: 11600 }, // InterruptedAtShutdown
      { errorCode: 10107 }, // NotWritablePrimary
      { errorCode: 189 }, // PrimarySteppedDown
    ];
    for (const write of [commit, saveIncident]) {
      for (const fault of passing) {
        await fail(fault);
        t.ok(await isUnavailable(write()), JSON.stringify(fault));
        await t.resolves(write(), 'the next one works');
      }
      await fail({ errorCode: 13 }); // Unauthorized
      await t.rejects(write(), { code: 13 });
      await t.resolves(write());
    }
  });
}

if (requiresOwnMongo(t)) outageTests(t);
