import { createMemoryBus } from '@dronecast/bus';
import { STREAM_START } from '@dronecast/events';
import { until } from '../../../../test/support/queue.js';
import { createdEvents, deletedEvents } from '../../src/drone/drone-events.js';
import { createPublisher } from '../../src/publisher/publisher.js';
import type { DroneStore, StoredOutbox } from '../../src/store/drone-store.js';
import { createLog } from '../faults.js';
import { sampleDrone, sampleEvent } from '../samples.js';
import { allPending, marks, oneTo, register, type StoreTest, seqs, snapshotOf, there } from './context.js';

/** Many at once. */
export function raceCases(test: StoreTest): void {
  test('of 50 commits on one drone none is lost', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const names = oneTo(50).map(String);
    await Promise.all(
      names.map(async (name) => {
        for (;;) {
          const snapshot = await snapshotOf(store, 'DRN-1');
          const { cameras, revision } = snapshot.drone;
          const drone = { ...snapshot.drone, cameras: [...cameras, name], revision: revision + 1 };
          if (await store.commit(snapshot, { drone, events: [sampleEvent(name)] })) return;
        }
      }),
    );
    const { drone, outbox } = await snapshotOf(store, 'DRN-1');
    t.equal(drone.revision, 51);
    t.equal(outbox.seq, 51);
    t.same(new Set(drone.cameras), new Set(names));
    t.equal(drone.cameras.length, 50);
    const [waiting, ...others] = await allPending(store);
    t.same(others, []);
    t.same(waiting && seqs(waiting), oneTo(51));
    t.same(waiting && marks(waiting), ['created a', ...drone.cameras], 'events in the order of the commits');
  });

  test('of commits on one snapshot one wins', async (t, store) => {
    await register(store, 'DRN-1');
    const snapshot = await snapshotOf(store, 'DRN-1');
    const attempts = await Promise.all(
      oneTo(20).map((i) =>
        i % 2
          ? store.commit(snapshot, { events: [sampleEvent(`${i}`)] })
          : store.remove(snapshot, [sampleEvent(`${i}`)]),
      ),
    );
    const [winner, ...others] = attempts.filter((outbox) => outbox !== undefined);
    t.same(others, []);
    t.same((await allPending(store)).map(marks), [['created Device DRN-1', ...marks(there(winner))]]);
  });

  test('of registrations of one serial number one wins', async (t, store) => {
    for (const before of ['nothing', 'a deleted drone']) {
      const attempts = await Promise.all(
        oneTo(20).map(async () => {
          const drone = sampleDrone('DRN-1');
          return { drone, outbox: await store.register(drone, createdEvents(drone, 'ops')) };
        }),
      );
      const [winner, ...others] = attempts.filter(({ outbox }) => outbox !== undefined);
      t.same(others, [], `after ${before}`);
      const snapshot = await snapshotOf(store, 'DRN-1');
      t.strictSame(snapshot.drone, winner?.drone);
      for (const { drone } of attempts) {
        t.equal(Boolean(await store.find({ id: drone.id })), drone === winner?.drone);
      }
      await store.remove(snapshot, deletedEvents(snapshot.drone, snapshot.drone.updatedAt, 'ops'));
    }
    const [outbox] = await allPending(store);
    t.same(outbox && lives(bodies(outbox)).length, 2);
  });

  test('register and remove in turns, the bus away: one order', async (t, store) => {
    await registerAndRemove(store, async () => {});
    const [outbox, ...others] = await allPending(store);
    t.same(others, []);
    t.ok(outbox && lives(bodies(outbox)).length >= ROUNDS);
    t.same(outbox && seqs(outbox), oneTo(outbox?.entries.length ?? 0));
  });

  test('register and remove in turns, everybody publishing: one order, each event once', async (t, store) => {
    const bus = createMemoryBus({ maxEvents: 10_000, maxAgeHours: 1 });
    const { epoch } = await bus.read(STREAM_START, 0);
    const { publish } = createPublisher({ store, bus, log: createLog() });
    let isOver = false;
    const sweeping = until(async () => {
      await publish(await allPending(store));
      return isOver;
    });
    const committed = await registerAndRemove(store, async (outbox) => {
      await publish([outbox]);
    }).finally(() => {
      isOver = true;
    });
    await sweeping;
    await until(async () => {
      await publish(await allPending(store));
      return (await store.backlog()).drones === 0;
    });

    const history = await bus.read(STREAM_START, 10_000);
    t.equal(history.events.length, committed);
    t.equal(history.epoch, epoch);
    lives(history.events.map(({ frame }) => frame.toString()));
  });
}

const ROUNDS = 20;
const WORKERS = 4;

/** Workers that register the serial number when it is free, else remove its drone. Tells how many commits there were. */
async function registerAndRemove(
  store: DroneStore,
  publish: (outbox: StoredOutbox) => Promise<void>,
): Promise<number> {
  let commits = 0;
  async function work(): Promise<void> {
    for (let done = 0; done < (2 * ROUNDS) / WORKERS; ) {
      const drone = sampleDrone('DRN-1');
      let outbox = await store.register(drone, createdEvents(drone, 'ops'));
      if (!outbox) {
        const snapshot = await store.find({ serialNumber: 'DRN-1' });
        outbox =
          snapshot && (await store.remove(snapshot, deletedEvents(snapshot.drone, drone.updatedAt, 'ops')));
      }
      if (!outbox) continue;
      done += 1;
      commits += 1;
      await publish(outbox);
    }
  }
  await Promise.all(oneTo(WORKERS).map(work));
  return commits;
}

const bodies = ({ entries }: StoredOutbox): string[] =>
  entries.flatMap(({ events }) => events.map(({ body }) => body));

/** The drones that events tell of. Throws unless each is created, then deleted, before the next one. */
function lives(texts: string[]): string[] {
  const ids: string[] = [];
  texts.forEach((text, i) => {
    const { event, data } = JSON.parse(text) as { event: string; data: { droneId: string } };
    if (event !== (i % 2 ? 'drone.deleted' : 'drone.created')) throw new Error(`${event} at ${i}`);
    if (i % 2 && data.droneId !== ids.at(-1)) throw new Error(`deleted ${data.droneId} before its turn`);
    if (!(i % 2)) ids.push(data.droneId);
  });
  if (new Set(ids).size !== ids.length) throw new Error('a drone came twice');
  return ids;
}
