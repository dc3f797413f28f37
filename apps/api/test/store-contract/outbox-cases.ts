import type { Test } from 'tap';
import { type DroneStore, OutboxFull, type StoredOutbox } from '../../src/store/drone-store.js';
import { newId, sampleEvent } from '../samples.js';
import {
  acknowledge,
  allPending,
  commitName,
  fromTo,
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
  waiting,
} from './context.js';

const MIB = 1024 * 1024;

/** What waits for the bus. */
export function outboxCases(test: StoreTest): void {
  test('what is acknowledged is forgotten', async (t, store) => {
    await register(store, 'DRN-1');
    await acknowledge(store, await waiting(store, await rename(store, 'DRN-1', 'a')));
    t.same(await allPending(store), []);
    t.same(await store.backlog(), { drones: 0 });
    t.equal((await snapshotOf(store, 'DRN-1')).outbox.oldest, undefined);
    t.same(seqs(await rename(store, 'DRN-1', 'b')), [3], 'seq goes on');
  });

  test('what was added meanwhile stays', async (t, store) => {
    const { outbox: older } = await register(store, 'DRN-1');
    await rename(store, 'DRN-1', 'a');
    await rename(store, 'DRN-1', 'b');
    await acknowledge(store, older);
    t.same((await allPending(store)).map(marks), [['a', 'b']]);
    t.match((await snapshotOf(store, 'DRN-1')).outbox, { seq: 3, oldest: { seq: 2 } });
    const newest = await waiting(store, await rename(store, 'DRN-1', 'c'));
    t.same(seqs(newest), [2, 3, 4]);
    await acknowledge(store, newest);
    t.same(await allPending(store), []);
  });

  test('acknowledging again, or late, is harmless', async (t, store) => {
    const { outbox: first } = await register(store, 'DRN-1');
    const second = await waiting(store, await rename(store, 'DRN-1', 'a'));
    for (const outbox of [second, second, first]) await acknowledge(store, outbox);
    t.same(await allPending(store), []);
    await rename(store, 'DRN-1', 'b');
    for (const outbox of [second, first]) await acknowledge(store, outbox);
    t.same((await allPending(store)).map(marks), [['b']]);
    await acknowledge(store);
    await acknowledge(store, { ...first, key: newId() }, { ...first, entries: [] });
    t.same((await allPending(store)).map(marks), [['b']]);
  });

  test('many drones are acknowledged at once', async (t, store) => {
    const outboxes = [];
    for (const i of oneTo(20)) outboxes.push((await register(store, `DRN-${i}`)).outbox);
    await rename(store, 'DRN-7', 'a');
    await instant();
    await remove(store, 'DRN-8');
    await acknowledge(store, ...outboxes);
    t.same((await allPending(store)).map(marks), [['a'], ['deleted Device DRN-8']]);
  });

  test('the last event of a deleted drone takes its trace along', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const outbox = await waiting(store, await remove(store, 'DRN-1'));
    await acknowledge(store, outbox);
    t.same(await allPending(store), []);
    t.same(await store.backlog(), { drones: 0 });
    await acknowledge(store, outbox);

    const again = await register(store, 'DRN-1', { deviceName: 'b' });
    t.same(marks(again.outbox), ['created b']);
    await acknowledge(store, outbox);
    t.same((await allPending(store)).map(marks), [['created b']]);
    t.ok(await store.find({ id: again.drone.id }));
  });

  test('a deleted drone stays until all its events are acknowledged', async (t, store) => {
    const { outbox: created } = await register(store, 'DRN-1', { deviceName: 'a' });
    const deleted = await remove(store, 'DRN-1');
    await acknowledge(store, created);
    t.same((await allPending(store)).map(marks), [['deleted a']]);
    await acknowledge(store, deleted);
    t.same(await allPending(store), []);
  });

  test('a drone registered meanwhile keeps its events', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const deleted = await waiting(store, await remove(store, 'DRN-1'));
    const { drone, outbox } = await register(store, 'DRN-1', { deviceName: 'b' });
    await acknowledge(store, deleted);
    t.same((await allPending(store)).map(marks), [['created b']]);
    t.ok(await store.find({ id: drone.id }));
    await acknowledge(store, outbox);
    t.same(await allPending(store), []);
    t.ok(await store.find({ id: drone.id }));
    t.same(seqs(await rename(store, 'DRN-1', 'c')), [4]);
  });

  test('a drone registered and deleted again meanwhile keeps its events', async (t, store) => {
    await register(store, 'DRN-1', { deviceName: 'a' });
    const deleted = await waiting(store, await remove(store, 'DRN-1'));
    await register(store, 'DRN-1', { deviceName: 'b' });
    const deletedAgain = await waiting(store, await remove(store, 'DRN-1'));
    await acknowledge(store, deleted);
    t.same((await allPending(store)).map(marks), [['created b', 'deleted b']]);
    await acknowledge(store, deletedAgain);
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

    await acknowledge(store, ...(await pendingAt(store, afterFirst, 10)));
    await rename(store, 'B-1', 'last');
    t.same((await allPending(store)).map(marks), [['created second'], ['created third'], ['last']]);
  });

  test('the backlog tells how much waits and since when', async (t, store) => {
    t.same(await store.backlog(), { drones: 0 });
    const start = new Date();
    await register(store, 'DRN-1');
    const afterFirst = await instant();
    const { outbox: created } = await register(store, 'DRN-2');
    await rename(store, 'DRN-2', 'a');
    const { drones, oldestAt } = await store.backlog();
    t.equal(drones, 2);
    t.ok(oldestAt && oldestAt >= start && oldestAt <= afterFirst, `${oldestAt?.toISOString()}`);

    await remove(store, 'DRN-1');
    t.equal((await store.backlog()).drones, 2, 'a deleted drone counts');
    const [oldest] = await allPending(store);
    await acknowledge(store, there(oldest));
    const rest = await store.backlog();
    t.equal(rest.drones, 1);
    t.ok(rest.oldestAt && rest.oldestAt > afterFirst);
    await acknowledge(store, created);
    t.equal((await store.backlog()).drones, 1);
  });

  test('a drone that is always busy does not look ever older', async (t, store) => {
    let previous = (await register(store, 'DRN-1')).outbox;
    const start = await instant();
    for (const i of oneTo(3)) {
      const next = await rename(store, 'DRN-1', `${i}`);
      await acknowledge(store, previous);
      previous = next;
    }
    const { oldestAt } = await store.backlog();
    t.ok(oldestAt && oldestAt > start);
    t.same(await pendingAt(store, start, 10), []);
  });

  test('an outbox takes 1000 entries, then no more until some are published', async (t, store) => {
    await register(store, 'DRN-1');
    await register(store, 'DRN-2');
    const first = await snapshotOf(store, 'DRN-1');
    // Entries without events, and no reading in between: a thousand commits take their time.
    for (const seq of oneTo(999))
      await store.commit({ ...first, outbox: { ...first.outbox, seq } }, { events: [] });
    await refuses(t, store, 'DRN-1');
    await rename(store, 'DRN-2', 'another drone is not concerned');

    const outbox = (await allPending(store)).find(({ entries }) => entries.length > 2);
    const full = there(outbox);
    t.same(seqs(full), oneTo(1000));
    await acknowledge(store, { ...full, entries: full.entries.slice(0, 400) });
    const newest = await rename(store, 'DRN-1', 'works again');
    t.same(seqs(await waiting(store, newest)), fromTo(401, 1001));
  });

  test('an outbox takes 2 MiB, then no more until some are published', async (t, store) => {
    await register(store, 'DRN-1');
    const quarter = 'x'.repeat(MIB / 4);
    for (const _ of oneTo(8)) await addEvent(store, 'DRN-1', quarter);
    await refuses(t, store, 'DRN-1');
    const outbox = there((await allPending(store))[0]);
    t.same(seqs(outbox), oneTo(9));
    await acknowledge(store, { ...outbox, entries: outbox.entries.slice(0, 3) });
    for (const _ of oneTo(2)) await addEvent(store, 'DRN-1', quarter);
    t.same((await allPending(store)).map(seqs), [[4, 5, 6, 7, 8, 9, 10, 11]]);
    await refuses(t, store, 'DRN-1');
    await acknowledge(store, ...(await allPending(store)));
    t.same(seqs(await rename(store, 'DRN-1', 'works again')), [12]);
  });

  test('a commit hands back its own entry alone, however much waits', async (t, store) => {
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
    t.same(whole && [whole.isTail, seqs(whole)], [undefined, oneTo(5)], 'nothing is missing in what waits');
    await acknowledge(store, there(whole));
    const next = await rename(store, 'DRN-1', 'd');
    t.same([next.isTail, marks(next)], [true, ['d']], 'also when nothing waits');
  });

  test('a page of outboxes ends at 4 MiB, and the next page continues', async (t, store) => {
    for (const i of oneTo(5)) {
      await register(store, `DRN-${i}`);
      for (const _ of oneTo(3)) await addEvent(store, `DRN-${i}`, 'x'.repeat(0.4 * MIB));
      await instant();
    }
    const pending = (limit: number) => store.pending({ before: new Date(), limit });
    const page = await pending(10);
    t.same([page.items.map(seqs), page.isMore], [[oneTo(4), oneTo(4), oneTo(4)], true]);
    t.same(await pending(10), page, 'until it is acknowledged');
    await acknowledge(store, ...page.items);
    const rest = await pending(10);
    t.same([rest.items.map(seqs), rest.isMore], [[oneTo(4), oneTo(4)], false]);
    t.match(await pending(1), { items: { length: 1 }, isMore: true }, 'by number too');
    await acknowledge(store, ...rest.items);
    t.same(await pending(10), { items: [], isMore: false });
  });

  test('an outbox larger than 4 MiB is alone on its page', async (t, store) => {
    await register(store, 'DRN-1');
    await addEvent(store, 'DRN-1', 'x'.repeat(5 * MIB));
    await instant();
    await register(store, 'DRN-2');
    await instant();
    const page = await store.pending({ before: new Date(), limit: 10 });
    t.same([page.items.map(seqs), page.isMore], [[[1, 2]], true]);
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
    await acknowledge(store, await waiting(store, there(deleted)));
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
