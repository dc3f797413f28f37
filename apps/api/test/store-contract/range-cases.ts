import type { DroneStore, StoredOutbox } from '../../src/store/drone-store.js';
import { newId, sampleEvent, sampleIncident } from '../samples.js';
import {
  acknowledge,
  allPending,
  marks,
  oneTo,
  pendingAt,
  register,
  remove,
  rename,
  type StoreTest,
  seqs,
  snapshotOf,
  there,
  waiting,
  withClockAhead,
} from './context.js';

/** A drone with six entries, each handed back by its commit. */
async function sixEntries(store: DroneStore): Promise<StoredOutbox[]> {
  const tails = [(await register(store, 'DRN-1', { deviceName: '1' })).outbox];
  for (const seq of [2, 3, 4, 5, 6]) tails.push(await rename(store, 'DRN-1', `${seq}`));
  return tails;
}

const names = ({ entries }: StoredOutbox): (string | undefined)[] => entries.map(({ name }) => name);

/** Entries that wait, told apart, and acknowledged in any order. */
export function rangeCases(test: StoreTest): void {
  test('each entry has a name of its own, and keeps it', async (t, store, { reopen }) => {
    const tails = await sixEntries(store);
    const { outbox: other } = await register(store, 'DRN-2');
    const all = [...tails, other].flatMap(names);
    t.equal(new Set(all).size, 7);
    for (const name of all) t.match(name, /^[\w-]{8}$/);
    const again = await reopen();
    t.same(names(await waiting(again, there(tails[0]))), tails.flatMap(names));
  });

  for (const order of [
    [5, 6],
    [6, 5],
  ]) {
    test(`entries are acknowledged in any order: ${order.join(' before ')}`, async (t, store) => {
      const tails = await sixEntries(store);
      const left = new Set(oneTo(6));
      for (const seq of [...order, 2, 3, 1, 4]) {
        await acknowledge(store, there(tails[seq - 1]));
        left.delete(seq);
        const expected = left.size > 0 ? [[...left]] : [];
        t.same((await allPending(store)).map(seqs), expected, `without ${seq}`);
        const { outbox } = await snapshotOf(store, 'DRN-1');
        t.match(outbox, { seq: 6, oldest: left.size > 0 ? { seq: Math.min(...left) } : undefined });
      }
      t.same(await store.backlog(), { drones: 0 });
      t.same(seqs(await rename(store, 'DRN-1', '7')), [7]);
    });
  }

  test('a range in the middle leaves what is before and behind it', async (t, store) => {
    const [first] = await sixEntries(store);
    const whole = await waiting(store, there(first));
    await acknowledge(store, { ...whole, entries: whole.entries.slice(2, 4) });
    t.same((await allPending(store)).map(marks), [['created 1', '2', '5', '6']]);
  });

  test('an incident of another process stays until it is acknowledged itself', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: '1' });
    const incident = sampleIncident('DRN-1');
    const report = there(
      await store.commit(await snapshotOf(store, 'DRN-1'), { events: [sampleEvent('seen')], incident }),
    );
    const later = await rename(store, 'DRN-1', '3');
    await acknowledge(store, later);
    await acknowledge(store, await rename(store, 'DRN-1', '4'));
    const [left, ...others] = await allPending(store);
    t.same([others, left && marks(left)], [[], ['created 1', 'seen']]);
    t.strictSame(left?.entries[1]?.incident, incident);
    t.strictSame(await store.findIncident(await snapshotOf(store, 'DRN-1'), incident.id), incident);
    await acknowledge(store, report);
    t.same((await allPending(store)).map(marks), [['created 1']]);
  });

  test('a commit that has taken the seq of another one is not acknowledged for it', async (t, store) => {
    const tails = await sixEntries(store);
    const whole = await waiting(store, there(tails[0]));
    const lost = (outbox: StoredOutbox): StoredOutbox => ({
      ...outbox,
      entries: outbox.entries.map((entry) => ({ ...entry, name: 'rolledbk' })),
    });
    for (const outbox of [there(tails[5]), there(tails[2]), whole]) {
      await acknowledge(store, lost(outbox));
      t.same((await allPending(store)).map(seqs), [oneTo(6)]);
    }
    const nameless = { key: whole.key, first: 1, last: 6, name: undefined, isFinal: false };
    await store.acknowledge([nameless]);
    t.same((await allPending(store)).map(seqs), [oneTo(6)], 'nor for one of an earlier version');
  });

  test('many ranges of many drones at once', async (t, store) => {
    const outboxes: StoredOutbox[] = [];
    for (const i of oneTo(10)) {
      outboxes.push((await register(store, `DRN-${i}`)).outbox);
      await rename(store, `DRN-${i}`, `${i} stays`);
      outboxes.push(await rename(store, `DRN-${i}`, 'goes'));
    }
    await acknowledge(store, ...outboxes.reverse());
    t.same(
      (await allPending(store)).map(marks),
      oneTo(10).map((i) => [`${i} stays`]),
    );
  });

  test('a deleted drone goes whatever is acknowledged last', async (t, store) => {
    const { outbox: created } = await register(store, 'DRN-1', { deviceName: 'a' });
    const deleted = await remove(store, 'DRN-1');
    await acknowledge(store, deleted);
    t.same((await allPending(store)).map(marks), [['created a']]);
    await acknowledge(store, created);
    await acknowledgeEmpty(store);
    t.same(await store.backlog(), { drones: 0 });
    t.equal(await store.readOutbox(created.key), undefined);
    const again = await register(store, 'DRN-1', { deviceName: 'b' });
    t.not(again.outbox.key, created.key, 'nothing is left of it');
    t.same(seqs(again.outbox), [1]);
  });

  test('a drone registered meanwhile is not taken for the deleted one', async (t, store) => {
    const { outbox: created } = await register(store, 'DRN-1', { deviceName: 'a' });
    await acknowledge(store, await remove(store, 'DRN-1'));
    const { drone, outbox } = await register(store, 'DRN-1', { deviceName: 'b' });
    await acknowledge(store, { ...created, entries: [] });
    t.same((await allPending(store)).map(marks), [['created a', 'created b']]);
    await acknowledge(store, outbox, created);
    await acknowledgeEmpty(store);
    t.same(await store.backlog(), { drones: 0 });
    t.strictSame((await snapshotOf(store, 'DRN-1')).drone, drone);
  });

  test('one outbox is read whole, with the last seq that was committed', async (t, store) => {
    t.equal(await store.readOutbox(newId()), undefined, 'unknown');
    const [first] = await sixEntries(store);
    const { key } = there(first);
    t.same(await store.readOutbox(key), { ...there((await allPending(store))[0]), head: 6 });
    await acknowledge(store, ...(await allPending(store)));
    t.equal(await store.readOutbox(key), undefined, 'nothing waits');
    await rename(store, 'DRN-1', '7');
    const tail = await rename(store, 'DRN-1', '8');
    await acknowledge(store, tail);
    t.match(await store.readOutbox(key), { key, serialNumber: 'DRN-1', entries: [{ seq: 7 }], head: 8 });
    await remove(store, 'DRN-1');
    t.match(await store.readOutbox(key), { entries: [{ seq: 7 }, { seq: 9, final: true }], head: 9 });
  });

  test('an outbox is pending at once when the clock of its writer is ahead', async (t, store) => {
    const HOUR_MS = 3_600_000;
    const { outbox } = await register(store, 'DRN-1', { deviceName: 'a' });
    await acknowledge(store, outbox);
    await register(store, 'DRN-2', { deviceName: 'b' });
    await withClockAhead(HOUR_MS, () => rename(store, 'DRN-1', 'c'));
    const before = new Date(Date.now() - 60_000);
    const pending = await pendingAt(store, before, 10);
    t.same(pending.map(marks), [['c']], 'its age is unknown; that of the other one is known');
    t.ok(there(pending[0]?.entries[0]).at.getTime() > Date.now() + HOUR_MS / 2);
    await acknowledge(store, ...pending);
    t.same(await pendingAt(store, before, 10), []);
    t.equal((await store.backlog()).drones, 1);
  });

  test('outboxes are left out of what is pending on request', async (t, store) => {
    const keys: string[] = [];
    for (const i of oneTo(5)) keys.push((await register(store, `DRN-${i}`)).outbox.key);
    const pending = (limit: number, ...left: (string | undefined)[]) =>
      store.pending({ before: new Date(Date.now() + 60_000), limit, skip: (key) => left.includes(key) });
    const found = async (limit: number, ...left: (string | undefined)[]) => {
      const page = await pending(limit, ...left);
      return [new Set(page.items.map(({ key }) => key)), page.isMore];
    };
    t.same(await found(10), [new Set(keys), false]);
    t.same(await found(10, keys[0], keys[3]), [new Set([keys[1], keys[2], keys[4]]), false]);
    t.same(await found(4, keys[1]), [new Set([keys[0], keys[2], keys[3], keys[4]]), false]);
    t.same((await found(3, keys[1]))[1], true, 'what is left out does not count');
    t.same(await found(10, ...keys), [new Set(), false]);
  });
}

/** What is pending without entries: a deleted drone whose last entry was acknowledged before another one. */
async function acknowledgeEmpty(store: DroneStore): Promise<void> {
  const pending = await allPending(store);
  if (pending.some(({ entries }) => entries.length > 0)) throw new Error('entries wait');
  await acknowledge(store, ...pending);
}
