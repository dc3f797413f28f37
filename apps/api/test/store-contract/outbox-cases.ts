import type { Test } from 'tap';
import { type DroneStore, OutboxFull, type StoredOutbox } from '../../src/store/drone-store.js';
import { newId, sampleEvent } from '../samples.js';
import {
  allPending,
  commitName,
  instant,
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
} from './context.js';

const MIB = 1024 * 1024;

/** What waits for the bus. */
export function outboxCases(test: StoreTest): void {
  test('what is acknowledged is forgotten', async (t, store) => {
    await register(store, 'DRN-1');
    await store.acknowledge([await rename(store, 'DRN-1', 'a')]);
    t.same(await allPending(store), []);
    t.same(await store.backlog(), { drones: 0 });
    t.equal((await snapshotOf(store, 'DRN-1')).outbox.oldest, undefined);
    t.same(seqs(await rename(store, 'DRN-1', 'b')), [3], 'seq goes on');
  });

  test('what was added meanwhile stays', async (t, store) => {
    const { outbox: older } = await register(store, 'DRN-1');
    await rename(store, 'DRN-1', 'a');
    await rename(store, 'DRN-1', 'b');
    await store.acknowledge([older]);
    t.same((await allPending(store)).map(marks), [['a', 'b']]);
    t.match((await snapshotOf(store, 'DRN-1')).outbox, { seq: 3, oldest: { seq: 2 } });
    const newest = await rename(store, 'DRN-1', 'c');
    t.same(seqs(newest), [2, 3, 4]);
    await store.acknowledge([newest]);
    t.same(await allPending(store), []);
  });

  test('acknowledging again, or late, is harmless', async (t, store) => {
    const { outbox: first } = await register(store, 'DRN-1');
    const second = await rename(store, 'DRN-1', 'a');
    for (const outbox of [second, second, first]) await store.acknowledge([outbox]);
    t.same(await allPending(store), []);
    await rename(store, 'DRN-1', 'b');
    for (const outbox of [second, first]) await store.acknowledge([outbox]);
    t.same((await allPending(store)).map(marks), [['b']]);
    await store.acknowledge([]);
    await store.acknowledge([
      { key: newId(), entries: first.entries },
      { key: first.key, entries: [] },
    ]);
    t.same((await allPending(store)).map(marks), [['b']]);
  });

  test('many drones are acknowledged at once', async (t, store) => {
    const outboxes = [];
    for (const i of oneTo(20)) outboxes.push((await register(store, `DRN-${i}`)).outbox);
    await rename(store, 'DRN-7', 'a');
    await instant();
    await remove(store, 'DRN-8');
    await store.acknowledge(outboxes);
    t.same((await allPending(store)).map(marks), [['a'], ['deleted Device DRN-8']]);
  });

  test('the last event of a deleted drone takes its trace along', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const outbox = await remove(store, 'DRN-1');
    await store.acknowledge([outbox]);
    t.same(await allPending(store), []);
    t.same(await store.backlog(), { drones: 0 });
    await store.acknowledge([outbox]);

    const again = await register(store, 'DRN-1', { deviceName: 'b' });
    t.same(marks(again.outbox), ['created b']);
    await store.acknowledge([outbox]);
    t.same((await allPending(store)).map(marks), [['created b']]);
    t.ok(await store.find({ id: again.drone.id }));
  });

  test('a deleted drone stays until all its events are acknowledged', async (t, store) => {
    const { outbox: created } = await register(store, 'DRN-1', { deviceName: 'a' });
    const deleted = await remove(store, 'DRN-1');
    await store.acknowledge([created]);
    t.same((await allPending(store)).map(marks), [['deleted a']]);
    await store.acknowledge([deleted]);
    t.same(await allPending(store), []);
  });

  test('a drone registered meanwhile keeps its events', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const deleted = await remove(store, 'DRN-1');
    const { drone, outbox } = await register(store, 'DRN-1', { deviceName: 'b' });
    await store.acknowledge([deleted]);
    t.same((await allPending(store)).map(marks), [['created b']]);
    t.ok(await store.find({ id: drone.id }));
    await store.acknowledge([outbox]);
    t.same(await allPending(store), []);
    t.ok(await store.find({ id: drone.id }));
    t.same(seqs(await rename(store, 'DRN-1', 'c')), [4]);
  });

  test('a drone registered and deleted again meanwhile keeps its events', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const deleted = await remove(store, 'DRN-1');
    await register(store, 'DRN-1', { deviceName: 'b' });
    const deletedAgain = await remove(store, 'DRN-1');
    await store.acknowledge([deleted]);
    t.same((await allPending(store)).map(marks), [['created b', 'deleted b']]);
    await store.acknowledge([deletedAgain]);
    t.same(await allPending(store), []);
  });

  test('pending tells what has waited, the oldest first', async (t, store) => {
    const none = await instant();
    const { outbox: a } = await register(store, 'B-1', { deviceName: 'first' });
    const afterFirst = await instant();
    await register(store, 'A-1', { deviceName: 'second' });
    const afterSecond = await instant();
    await register(store, 'C-1', { deviceName: 'third' });
    await rename(store, 'B-1', 'first again');

    t.same(await pendingAt(store, none, 10), []);
    t.same((await pendingAt(store, afterFirst, 10)).map(marks), [['created first', 'first again']]);
    t.same((await pendingAt(store, afterSecond, 10)).map(marks), [
      ['created first', 'first again'],
      ['created second'],
    ]);
    t.same((await pendingAt(store, new Date(), 2)).length, 2);
    t.same(
      (await pendingAt(store, new Date(), 1)).map(({ key }) => key),
      [a.key],
    );

    await store.acknowledge(await pendingAt(store, afterFirst, 10));
    await rename(store, 'B-1', 'last');
    t.same((await allPending(store)).map(marks), [['created second'], ['created third'], ['last']]);
  });

  test('the backlog tells how much waits and since when', async (t, store) => {
    t.same(await store.backlog(), { drones: 0 });
    const start = new Date();
    await register(store, 'DRN-1');
    const afterFirst = await instant();
    const { outbox } = await register(store, 'DRN-2');
    await rename(store, 'DRN-2', 'a');
    const { drones, oldestAt } = await store.backlog();
    t.equal(drones, 2);
    t.ok(oldestAt && oldestAt >= start && oldestAt <= afterFirst, `${oldestAt?.toISOString()}`);

    await remove(store, 'DRN-1');
    t.equal((await store.backlog()).drones, 2, 'a deleted drone counts');
    const [oldest] = await allPending(store);
    await store.acknowledge(oldest ? [oldest] : []);
    const rest = await store.backlog();
    t.equal(rest.drones, 1);
    t.ok(rest.oldestAt && rest.oldestAt > afterFirst);
    await store.acknowledge([outbox]);
    t.equal((await store.backlog()).drones, 1);
  });

  test('a drone that is always busy does not look ever older', async (t, store) => {
    let previous = (await register(store, 'DRN-1')).outbox;
    const start = await instant();
    for (const i of oneTo(3)) {
      const next = await rename(store, 'DRN-1', `${i}`);
      await store.acknowledge([previous]);
      previous = next;
    }
    const { oldestAt } = await store.backlog();
    t.ok(oldestAt && oldestAt > start);
    t.same(await pendingAt(store, start, 10), []);
  });

  test('an outbox takes 1000 entries, then no more until some are published', async (t, store) => {
    await register(store, 'DRN-1');
    await register(store, 'DRN-2');
    const { drone, outbox: first } = await snapshotOf(store, 'DRN-1');
    // Entries without events, and no reading in between: a thousand commits take their time.
    for (const seq of oneTo(999)) await store.commit({ drone, outbox: { ...first, seq } }, { events: [] });
    await refuses(t, store, 'DRN-1');
    await rename(store, 'DRN-2', 'another drone is not concerned');

    const outbox = (await allPending(store)).find(({ entries }) => entries.length > 2);
    t.same(outbox && seqs(outbox), oneTo(1000));
    const published = { key: outbox?.key ?? '', entries: outbox?.entries.slice(0, 400) ?? [] };
    await store.acknowledge([published]);
    t.same(
      seqs(await rename(store, 'DRN-1', 'works again')),
      Array.from({ length: 601 }, (_, i) => 401 + i),
    );
  });

  test('an outbox takes 2 MiB, then no more until some are published', async (t, store) => {
    await register(store, 'DRN-1');
    const quarter = 'x'.repeat(MIB / 4);
    for (const _ of oneTo(8)) await addEvent(store, 'DRN-1', quarter);
    await refuses(t, store, 'DRN-1');
    const [outbox = { key: '', entries: [] }] = await allPending(store);
    t.same(seqs(outbox), oneTo(9));
    await store.acknowledge([{ ...outbox, entries: outbox.entries.slice(0, 3) }]);
    for (const _ of oneTo(2)) await addEvent(store, 'DRN-1', quarter);
    t.same((await allPending(store)).map(seqs), [[4, 5, 6, 7, 8, 9, 10, 11]]);
    await refuses(t, store, 'DRN-1');
    await store.acknowledge(await allPending(store));
    t.same(seqs(await rename(store, 'DRN-1', 'works again')), [12]);
  });

  test('a commit to an outbox of more than 256 KiB hands back only its own entry', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    await addEvent(store, 'DRN-1', 'x'.repeat(MIB / 4));
    const tail = await rename(store, 'DRN-1', 'b');
    t.match(tail, { isTail: true, entries: [{ seq: 3 }] });
    t.same(marks(tail), ['b']);
    t.equal((await snapshotOf(store, 'DRN-1')).drone.deviceName, 'b');
    const deleted = await remove(store, 'DRN-1');
    t.same([deleted.isTail, marks(deleted), deleted.entries.at(-1)?.final], [true, ['deleted b'], true]);
    const { outbox: again } = await register(store, 'DRN-1', { deviceName: 'c' });
    t.same([again.isTail, marks(again)], [true, ['created c']]);

    const [whole] = await allPending(store);
    t.same(whole && [whole.isTail, seqs(whole)], [undefined, oneTo(5)], 'the stored outbox is complete');
    await store.acknowledge(whole ? [whole] : []);
    const small = await rename(store, 'DRN-1', 'd');
    t.same([small.isTail, marks(small)], [undefined, ['d']]);
  });

  test('a page of outboxes ends at 4 MiB, and the next page continues', async (t, store) => {
    for (const i of oneTo(5)) {
      await register(store, `DRN-${i}`);
      for (const _ of oneTo(3)) await addEvent(store, `DRN-${i}`, 'x'.repeat(0.4 * MIB));
      await instant();
    }
    const page = await store.pending(new Date(), 10);
    t.same([page.items.map(seqs), page.isMore], [[oneTo(4), oneTo(4), oneTo(4)], true]);
    t.same(await store.pending(new Date(), 10), page, 'until it is acknowledged');
    await store.acknowledge(page.items);
    const rest = await store.pending(new Date(), 10);
    t.same([rest.items.map(seqs), rest.isMore], [[oneTo(4), oneTo(4)], false]);
    t.match(await store.pending(new Date(), 1), { items: { length: 1 }, isMore: true }, 'by number too');
    await store.acknowledge(rest.items);
    t.same(await store.pending(new Date(), 10), { items: [], isMore: false });
  });

  test('an outbox larger than 4 MiB is alone on its page', async (t, store) => {
    await register(store, 'DRN-1');
    await addEvent(store, 'DRN-1', 'x'.repeat(5 * MIB));
    await instant();
    await register(store, 'DRN-2');
    await instant();
    const page = await store.pending(new Date(), 10);
    t.same([page.items.map(seqs), page.isMore], [[[1, 2]], true]);
  });

  test('the last entry without its events is enough to acknowledge an outbox', async (t, store) => {
    await register(store, 'DRN-1');
    const { key, entries } = await rename(store, 'DRN-1', 'a');
    const [seq, at] = [entries.at(-1)?.seq ?? 0, entries.at(-1)?.at ?? new Date()];
    await rename(store, 'DRN-1', 'b');
    await store.acknowledge([{ key, entries: [{ seq, at }] }]);
    t.same((await allPending(store)).map(marks), [['b']]);
    const deleted = await remove(store, 'DRN-1');
    await store.acknowledge([
      { key, entries: [{ seq: 4, at: there(deleted.entries.at(-1)).at, final: true }] },
    ]);
    t.same(await store.backlog(), { drones: 0 });
  });

  test('2 MiB are bytes, whatever the script', async (t, store) => {
    await register(store, 'DRN-1');
    await addEvent(store, 'DRN-1', '東'.repeat(MIB - 1000));
    await refuses(t, store, 'DRN-1');
  });

  test('a full outbox of a deleted drone refuses the next registration', async (t, store) => {
    await register(store, 'DRN-1');
    await addEvent(store, 'DRN-1', 'x'.repeat(2 * MIB - 1000));
    const deleted = await store.remove(await snapshotOf(store, 'DRN-1'), [
      sampleEvent('deleted', 'DRN-1', 'deleted', 'x'.repeat(1000)),
    ]);
    await t.rejects(
      register(store, 'DRN-1').then(() => {}),
      new OutboxFull(),
    );
    t.same((await allPending(store)).map(seqs), [[1, 2, 3]]);
    await store.acknowledge(deleted ? [deleted] : []);
    t.same(seqs((await register(store, 'DRN-1')).outbox), [1]);
  });
}

/** Commits an event with so much text. */
async function addEvent(store: DroneStore, serialNumber: string, pad: string): Promise<StoredOutbox> {
  const events = [sampleEvent('big', serialNumber, 'updated', pad)];
  return there(await store.commit(await snapshotOf(store, serialNumber), { events }));
}

/** Neither a change nor a delete is taken, and nothing is lost by it. */
async function refuses(t: Test, store: DroneStore, serialNumber: string): Promise<void> {
  const snapshot = await snapshotOf(store, serialNumber);
  const before = await allPending(store);
  const attempts = [
    commitName(store, snapshot, 'too much'),
    store.commit(snapshot, { events: [sampleEvent('too much')] }),
    store.remove(snapshot, [sampleEvent('too much')]),
  ];
  // What a failed assertion prints has to stay small, so the outboxes do not get there.
  for (const attempt of attempts)
    await t.rejects(
      attempt.then(() => {}),
      new OutboxFull(),
    );
  t.same((await snapshotOf(store, serialNumber)).drone, snapshot.drone);
  t.same((await allPending(store)).map(seqs), before.map(seqs));
}
