import type { DroneStore } from '../../src/store/drone-store.js';
import { sampleDrone, sampleEvent } from '../samples.js';
import { remove, rename, type StoreTest, snapshotOf } from './context.js';

const REQUEST = { key: 'k', subject: 'ops', hash: 'h', at: new Date('2026-01-01T00:00:00.000Z') };

const registerWith = (store: DroneStore, registration?: typeof REQUEST | Omit<typeof REQUEST, 'subject'>) =>
  store.register(sampleDrone('DRN-1'), [sampleEvent('created')], undefined, registration);

/** The request that registered a drone. */
export function idempotencyCases(test: StoreTest): void {
  test('keeps the request that registered a drone beside the drone', async (t, store, { reopen }) => {
    t.ok(await registerWith(store, REQUEST));
    await rename(store, 'DRN-1', 'another name');
    for (const open of [async () => store, reopen]) {
      const each = await open();
      const { drone, registration } = await snapshotOf(each, 'DRN-1');
      t.strictSame(registration, REQUEST, 'whatever was committed since');
      t.strictSame((await each.find({ id: drone.id }))?.registration, REQUEST);
      t.notOk('registration' in drone);
      const { items } = await each.list({ limit: 1 });
      t.strictSame(items, [drone]);
    }
  });

  test('keeps the request of a caller without a subject', async (t, store) => {
    const { subject, ...others } = REQUEST;
    await registerWith(store, others);
    t.strictSame((await snapshotOf(store, 'DRN-1')).registration, others);
  });

  test('who comes too late changes nothing of the request', async (t, store) => {
    await registerWith(store, REQUEST);
    t.equal(await registerWith(store, { ...REQUEST, key: 'other' }), undefined);
    t.strictSame((await snapshotOf(store, 'DRN-1')).registration, REQUEST);
  });

  test('forgets the request with the drone', async (t, store) => {
    await registerWith(store, REQUEST);
    await remove(store, 'DRN-1');
    t.ok(await registerWith(store));
    t.equal((await snapshotOf(store, 'DRN-1')).registration, undefined, 'none has taken its place');
    await remove(store, 'DRN-1');
    const next = { ...REQUEST, key: 'next' };
    t.ok(await registerWith(store, next));
    t.strictSame((await snapshotOf(store, 'DRN-1')).registration, next);
  });

  test('of registrations with one key one wins, and the others find its request', async (t, store) => {
    const outboxes = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const outbox = await registerWith(store, REQUEST);
        t.strictSame((await snapshotOf(store, 'DRN-1')).registration, REQUEST);
        return outbox;
      }),
    );
    t.equal(outboxes.filter((outbox) => outbox !== undefined).length, 1);
  });
}
