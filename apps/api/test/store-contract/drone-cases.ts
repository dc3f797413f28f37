import { fullDrone, newId, sampleDrone, sampleEvent } from '../samples.js';
import {
  acknowledge,
  allPending,
  commitName,
  marks,
  register,
  remove,
  rename,
  renamed,
  type StoreTest,
  seqs,
  snapshotOf,
  there,
  waiting,
} from './context.js';

/** Registering, finding, changing and deleting one drone. */
export function droneCases(test: StoreTest): void {
  test('finds a drone by id and by serial number as it was registered', async (t, store) => {
    const drone = fullDrone('DRN-1');
    const event = sampleEvent('created', 'DRN-1', 'created');
    const outbox = await store.register(drone, [event]);
    t.match(outbox, { entries: [{ seq: 1, events: [event] }] });
    t.equal(outbox?.entries.length, 1);
    for (const key of [{ id: drone.id }, { serialNumber: 'DRN-1' }]) {
      const found = await store.find(key);
      t.strictSame(found?.drone, drone);
      t.match(found?.outbox, { key: outbox?.key, seq: 1, oldest: { seq: 1 } });
    }
  });

  test('finds nothing that is not there', async (t, store) => {
    await register(store, 'DRN-1');
    t.equal(await store.find({ id: newId() }), undefined);
    for (const serialNumber of ['DRN-2', 'DRN', 'drn-1', 'DRN-1 ']) {
      t.equal(await store.find({ serialNumber }), undefined, serialNumber);
    }
  });

  test('refuses a serial number that is taken', async (t, store) => {
    const { drone } = await register(store, 'DRN-1', { deviceName: 'first' });
    const second = sampleDrone('DRN-1', { deviceName: 'second' });
    t.equal(await store.register(second, [sampleEvent('second')]), undefined);
    t.strictSame((await snapshotOf(store, 'DRN-1')).drone, drone);
    t.equal(await store.find({ id: second.id }), undefined);
    t.same((await allPending(store)).map(marks), [['created first']]);
  });

  test('tells serial numbers apart by case', async (t, store) => {
    await register(store, 'drn-1');
    await register(store, 'DRN-1');
    t.equal((await store.list({ limit: 10 })).items.length, 2);
  });

  test('a commit changes the drone and hands back its own entry, the outbox holds all that waits', async (t, store) => {
    const { drone, outbox } = await register(store, 'DRN-1');
    const changed = { ...fullDrone('DRN-1'), id: drone.id, revision: 2 };
    const events = [sampleEvent('updated'), sampleEvent('stream', 'DRN-1', 'stream')];
    const first = await store.commit(await snapshotOf(store, 'DRN-1'), { drone: changed, events });
    t.match(first, { key: outbox.key, serialNumber: 'DRN-1', isTail: true, entries: [{ seq: 2, events }] });
    t.match(await waiting(store, outbox), { isTail: undefined, entries: [{ seq: 1 }, { seq: 2, events }] });
    t.strictSame((await store.find({ id: drone.id }))?.drone, changed);

    const second = await rename(store, 'DRN-1', 'b');
    t.same([seqs(second), marks(second)], [[3], ['b']]);
    const whole = await waiting(store, outbox);
    t.same(seqs(whole), [1, 2, 3]);
    t.same(marks(whole), [`created ${drone.deviceName}`, 'updated', 'stream', 'b']);
    t.equal((await snapshotOf(store, 'DRN-1')).outbox.seq, 3);
  });

  test('a commit against a stale snapshot changes nothing', async (t, store) => {
    await register(store, 'DRN-1');
    const stale = await snapshotOf(store, 'DRN-1');
    await rename(store, 'DRN-1', 'winner');
    t.equal(await commitName(store, stale, 'loser'), undefined);
    t.equal(await store.commit(stale, { events: [sampleEvent('loser')] }), undefined);
    t.equal(await store.remove(stale, [sampleEvent('loser')]), undefined);
    t.match((await snapshotOf(store, 'DRN-1')).drone, { deviceName: 'winner', revision: 2 });
    t.same((await allPending(store)).map(seqs), [[1, 2]]);
  });

  test('a snapshot of events alone is stale too', async (t, store) => {
    await register(store, 'DRN-1');
    const stale = await snapshotOf(store, 'DRN-1');
    await store.commit(stale, { events: [sampleEvent('incident')] });
    t.equal(await commitName(store, stale, 'loser'), undefined);
  });

  test('a snapshot stays good while the bus acknowledges', async (t, store) => {
    const { outbox } = await register(store, 'DRN-1');
    const snapshot = await snapshotOf(store, 'DRN-1');
    await acknowledge(store, outbox);
    const after = await commitName(store, snapshot, 'a');
    t.same(after && seqs(after), [2]);
  });

  test('a commit without a drone leaves the drone as it was', async (t, store) => {
    const { drone } = await register(store, 'DRN-1');
    const before = await snapshotOf(store, 'DRN-1');
    const outbox = await store.commit(before, { events: [sampleEvent('incident', 'DRN-1', 'incident')] });
    t.same(outbox && seqs(outbox), [2]);
    t.same((await allPending(store)).map(seqs), [[1, 2]]);
    t.strictSame((await snapshotOf(store, 'DRN-1')).drone, drone);
  });

  test('a removed drone is gone, its events are not', async (t, store) => {
    const { drone } = await register(store, 'DRN-1', { deviceName: 'a' });
    const before = await snapshotOf(store, 'DRN-1');
    const outbox = await remove(store, 'DRN-1');
    t.same(marks(outbox), ['deleted a']);
    t.equal(outbox.entries.at(-1)?.final, true);
    t.equal(await store.find({ id: drone.id }), undefined);
    t.equal(await store.find({ serialNumber: 'DRN-1' }), undefined);
    t.same((await store.list({ limit: 10 })).items, []);
    t.same((await allPending(store)).map(marks), [['created a', 'deleted a']]);

    t.equal(await store.remove(before, [sampleEvent('again')]), undefined);
    t.equal(await commitName(store, before, 'late'), undefined, 'no commit brings it back');
    t.equal(await store.find({ serialNumber: 'DRN-1' }), undefined);
  });

  test('registered again while its events wait: one outbox, a new drone', async (t, store) => {
    const { drone: old, outbox } = await register(store, 'DRN-1', { deviceName: 'old', streamIsOn: true });
    await rename(store, 'DRN-1', 'older');
    await remove(store, 'DRN-1');
    const { drone, outbox: after } = await register(store, 'DRN-1', { deviceName: 'new' });

    t.equal(after.key, outbox.key);
    const whole = await waiting(store, after);
    t.same(marks(whole), ['created old', 'older', 'deleted older', 'created new']);
    t.same(seqs(whole), [1, 2, 3, 4]);
    t.strictSame((await store.find({ id: drone.id }))?.drone, drone);
    t.strictSame((await snapshotOf(store, 'DRN-1')).drone, drone);
    t.equal(await store.find({ id: old.id }), undefined);
    t.strictSame((await store.list({ limit: 10 })).items, [drone]);

    await rename(store, 'DRN-1', 'newer');
    t.strictSame((await store.find({ id: drone.id }))?.drone, renamed(drone, 'newer'));
  });

  test('registered again after its events are published: a fresh start', async (t, store) => {
    const { drone: old } = await register(store, 'DRN-1');
    const stale = await snapshotOf(store, 'DRN-1');
    await acknowledge(store, await waiting(store, await remove(store, 'DRN-1')));
    const { drone, outbox } = await register(store, 'DRN-1', { deviceName: 'new' });
    t.same(marks(outbox), ['created new']);
    t.strictSame((await snapshotOf(store, 'DRN-1')).drone, drone);
    t.equal(await store.find({ id: old.id }), undefined);
    t.equal(await commitName(store, stale, 'late'), undefined, 'as many entries, but of another drone');
    t.same((await snapshotOf(store, 'DRN-1')).drone, drone);
  });

  test('many rounds of delete and register keep all events in order', async (t, store) => {
    const ids: string[] = [];
    const expected: string[] = [];
    for (let round = 1; round <= 5; round++) {
      const { drone } = await register(store, 'DRN-1', { deviceName: `${round}` });
      ids.push(drone.id);
      await rename(store, 'DRN-1', `${round}b`);
      await remove(store, 'DRN-1');
      expected.push(`created ${round}`, `${round}b`, `deleted ${round}b`);
    }
    const [outbox, ...others] = await allPending(store);
    t.same(others, []);
    t.same(outbox && marks(outbox), expected);
    t.same(
      outbox && seqs(outbox),
      Array.from(expected, (_, i) => i + 1),
    );
    for (const id of ids) t.equal(await store.find({ id }), undefined);

    await acknowledge(store, there(outbox));
    t.same(await allPending(store), []);
    t.same(marks((await register(store, 'DRN-1', { deviceName: 'last' })).outbox), ['created last']);
  });

  test('drones and their outboxes outlive a restart', async (t, store, { reopen }) => {
    const { drone } = await register(store, 'DRN-1', { deviceName: 'a' });
    await rename(store, 'DRN-1', 'b');
    await register(store, 'DRN-2', { deviceName: 'c' });
    await remove(store, 'DRN-2');

    const again = await reopen();
    t.strictSame((await again.find({ id: drone.id }))?.drone, renamed(drone, 'b'));
    t.equal(await again.find({ serialNumber: 'DRN-2' }), undefined);
    t.same((await allPending(again)).map(marks), [
      ['created a', 'b'],
      ['created c', 'deleted c'],
    ]);
    t.same(seqs(await rename(again, 'DRN-1', 'd')), [3]);
    t.same(marks((await register(again, 'DRN-2', { deviceName: 'e' })).outbox), ['created e']);
    t.same((await allPending(again)).map(marks), [
      ['created a', 'b', 'd'],
      ['created c', 'deleted c', 'created e'],
    ]);
  });
}
