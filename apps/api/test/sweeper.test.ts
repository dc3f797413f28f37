import { Registry } from '@dronecast/runtime';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { measureSweeper } from '../src/metrics/sweeper-metrics.js';
import { createPublisher } from '../src/publisher/publisher.js';
import { createSweeper } from '../src/publisher/sweeper.js';
import type { DroneStore, PendingQuery, StoredOutbox } from '../src/store/drone-store.js';
import { createFaultyBus, createLog, type FaultyBus } from './faults.js';
import { openLmdbStore } from './open-lmdb.js';
import { sampleEvent, sampleIncident } from './samples.js';
import { allPending, marks, oneTo, register, remove, rename, snapshotOf } from './store-contract/context.js';

/** A sweeper as the API runs it, but for outboxes of any age. */
function startable(t: Test, store: DroneStore, bus: FaultyBus) {
  const log = createLog();
  /** The ages that were asked for, in milliseconds. */
  const ages: number[] = [];
  const pending: DroneStore['pending'] = ({ before, ...query }) => {
    ages.push(Date.now() - before.getTime());
    return store.pending({ ...query, before: new Date(Date.now() + 1000) });
  };
  const publisher = createPublisher({ store, bus, log: createLog() });
  const sweeper = createSweeper({ store: { pending }, bus, publisher, log });
  t.teardown(async () => {
    await sweeper.close();
    await publisher.close();
  });
  return { log, ages, publisher, sweeper };
}

async function setUp(t: Test) {
  const { store } = await openLmdbStore(t);
  const bus = createFaultyBus();
  const isEmpty = async () => (await store.backlog()).drones === 0;
  return { store, bus, isEmpty, ...startable(t, store, bus) };
}

t.test('publishes what a stopped process has left, in order', async (t) => {
  const { store, bus, sweeper, isEmpty } = await setUp(t);
  await register(store, 'DRN-1', { deviceName: 'a' });
  const incident = sampleIncident('DRN-1');
  await store.commit(await snapshotOf(store, 'DRN-1'), { events: [sampleEvent('incident')], incident });
  await remove(store, 'DRN-1');
  await register(store, 'DRN-1', { deviceName: 'b' });
  sweeper.start();
  await until(isEmpty);
  t.same(await bus.history(), ['created a', 'incident', 'deleted a', 'created b']);
  t.same((await store.listIncidents({ limit: 10 })).items, [incident]);
});

t.test('goes on sweeping, and leaves the young to who wrote them', async (t) => {
  const { store, bus, sweeper, ages, isEmpty } = await setUp(t);
  sweeper.start();
  for (const name of ['a', 'b']) {
    await register(store, name);
    await until(isEmpty);
  }
  t.equal((await bus.history()).length, 2);
  t.ok(ages.length >= 2 && ages.every((age) => age >= 1000), `${ages}`);
});

t.test('takes page after page', async (t) => {
  const { store, bus, sweeper, isEmpty } = await setUp(t);
  for (const i of oneTo(250)) await register(store, `DRN-${i}`);
  sweeper.start();
  await until(isEmpty);
  t.same(
    bus.calls.map(({ length }) => length),
    [100, 100, 50],
  );
  t.equal((await bus.history()).length, 250);
});

t.test('a backlog of large outboxes is published in pages of at most 4 MiB', async (t) => {
  const { store, bus, sweeper, isEmpty } = await setUp(t);
  const pad = 'x'.repeat(2 ** 20);
  for (const i of oneTo(5)) {
    await register(store, `DRN-${i}`);
    for (const _ of oneTo(2)) {
      const events = [sampleEvent('big', `DRN-${i}`, 'updated', pad)];
      await store.commit(await snapshotOf(store, `DRN-${i}`), { events });
    }
  }
  sweeper.start();
  await until(isEmpty);
  t.equal((await bus.history()).length, 15);
  t.same(
    bus.calls.map(({ length }) => length),
    [1, 1, 1, 1, 1],
    'two outboxes would be more than 4 MiB',
  );
});

t.test('while the bus is down it rests, then it catches up', async (t) => {
  const { store, bus, sweeper, log, ages, isEmpty } = await setUp(t);
  bus.state = 'down';
  await register(store, 'DRN-1', { deviceName: 'a' });
  sweeper.start();
  await rename(store, 'DRN-1', 'b');
  t.same([ages, bus.calls], [[], []]);
  bus.state = 'up';
  await until(isEmpty);
  t.same(await bus.history(), ['created a', 'b']);
  t.equal(log.lines.length, 0);
});

t.test('while publishing fails nothing is lost, and it is said once', async (t) => {
  const { store, bus, sweeper, log, isEmpty } = await setUp(t);
  bus.state = 'failing';
  await register(store, 'DRN-1', { deviceName: 'a' });
  sweeper.start();
  await until(() => bus.calls.length >= 2);
  await rename(store, 'DRN-1', 'b');
  t.same((await allPending(store)).map(marks), [['created a', 'b']]);
  bus.state = 'up';
  await until(isEmpty);
  t.same(await bus.history(), ['created a', 'b']);
  t.same(await log.lines.take(2), [
    { message: 'sweep failed; it will be tried again', error: 'the bus is away' },
    { message: 'sweep works again' },
  ]);
  t.equal(log.lines.length, 0);
});

t.test(
  'more than a page of bad outboxes hold up no others, and are retried with a growing delay',
  async (t) => {
    const { store, bus } = await setUp(t);
    let isBroken = true;
    const saveIncidents: DroneStore['saveIncidents'] = async (incidents) => {
      if (isBroken && incidents.some(({ label }) => label === 'unsavable'))
        throw new Error('cannot be saved');
      await store.saveIncidents(incidents);
    };
    const { sweeper, log } = startable(t, { ...store, saveIncidents }, bus);
    const registry = new Registry();
    measureSweeper(sweeper, registry);
    const gauge = async () => (await registry.metrics()).match(/^dronecast_outboxes_set_aside (.*)$/m)?.[1];

    const refused = oneTo(80).map((i) => `REFUSED-${i}`);
    for (const name of refused) bus.refused.add((await register(store, name)).outbox.key);
    const unsavable = oneTo(80).map((i) => `UNSAVABLE-${i}`);
    for (const name of unsavable) {
      await register(store, name);
      const incident = sampleIncident(name, { label: 'unsavable' });
      await store.commit(await snapshotOf(store, name), {
        events: [sampleEvent(`seen by ${name}`)],
        incident,
      });
    }
    for (const i of oneTo(30)) await register(store, `GOOD-${i}`, { deviceName: `good ${i}` });
    t.equal(await gauge(), '0');

    sweeper.start();
    await until(async () => (await store.backlog()).drones === 160);
    for (const i of oneTo(30)) t.ok((await bus.history()).includes(`created good ${i}`));
    const names = new Set([...refused, ...unsavable]);
    const first = await log.lines.take(160);
    t.same(new Set(first.map(({ serialNumber }) => serialNumber)), names);
    for (const { message, error, retryInMs } of first) {
      t.match(message, /^outbox set aside/);
      t.match(error, /refused|cannot be saved/);
      t.equal(retryInMs, 1000);
    }
    t.equal(await gauge(), '160');
    for (const { retryInMs } of await log.lines.take(160)) t.equal(retryInMs, 2000);

    await register(store, 'LATER', { deviceName: 'later' });
    await until(async () => (await bus.history()).includes('created later'));
    t.equal(await gauge(), '160');

    bus.refused.clear();
    isBroken = false;
    await until(async () => (await store.backlog()).drones === 0);
    await until(async () => (await gauge()) === '0');
    const history = await bus.history();
    t.equal(history.length, 80 + 160 + 30 + 1);
    t.equal(new Set(history).size, history.length, 'each event once');
    t.equal((await store.listIncidents({ limit: 1000 })).items.length, 80);
  },
);

t.test(
  'what is set aside counts no more once others have published it, or another process sweeps',
  async (t) => {
    const { store, bus, sweeper, log, publisher } = await setUp(t);
    const { outbox } = await register(store, 'DRN-1');
    bus.refused.add(outbox.key);
    sweeper.start();
    await until(() => sweeper.setAside() === 1);
    bus.refused.clear();
    t.same(await publisher.publish([outbox]), []);
    await until(() => sweeper.setAside() === 0);

    bus.refused.add((await register(store, 'DRN-2')).outbox.key);
    await until(() => sweeper.setAside() === 1);
    bus.lease = async () => false;
    await until(() => sweeper.setAside() === 0);
    t.equal((await log.lines.take(2)).length, 2);
  },
);

t.test('an outbox that stays as it is comes once a sweep', async (t) => {
  const keys = oneTo(250).map((i) => `${i}`);
  const sweeps: string[][] = [];
  const store = {
    async pending({ limit, skip = () => false }: PendingQuery) {
      const left = keys.filter((key) => !skip(key));
      const outboxes = left.slice(0, limit).map((key) => ({ key, serialNumber: key, entries: [] }));
      return { items: outboxes, isMore: left.length > limit };
    },
  };
  const publisher = {
    publish: async (outboxes: readonly StoredOutbox[]) => {
      sweeps.at(-1)?.push(...outboxes.map(({ key }) => key));
      return [];
    },
  };
  const bus = createFaultyBus();
  bus.trim = async () => {
    sweeps.push([]);
  };
  const sweeper = createSweeper({ store, bus, publisher, log: createLog() });
  t.teardown(() => sweeper.close());
  sweeper.start();
  await until(() => sweeps.length === 3);
  t.same(sweeps.slice(0, 2), [keys, keys]);
});

t.test('a full bus gets room before it is asked for a lease', async (t) => {
  const { store, isEmpty } = await setUp(t);
  const bus = createFaultyBus();
  let isFull = true;
  const full: FaultyBus = Object.assign(bus, {
    async trim() {
      isFull = false;
    },
    async lease() {
      if (isFull) throw new Error('out of memory');
      return true;
    },
  });
  const { sweeper, log } = startable(t, store, full);
  await register(store, 'DRN-1');
  sweeper.start();
  await until(isEmpty);
  t.equal(log.lines.length, 0);
});

t.test('what an offer could not publish, the sweeper does', async (t) => {
  const { store, bus, sweeper, publisher, isEmpty } = await setUp(t);
  bus.state = 'failing';
  for (const i of oneTo(3)) publisher.offer((await register(store, `DRN-${i}`)).outbox);
  await publisher.close();
  t.equal((await store.backlog()).drones, 3);
  bus.state = 'up';
  sweeper.start();
  await until(isEmpty);
  t.equal((await bus.history()).length, 3);
});

t.test('offers and sweeps at once, on a bus that often fails: each event once, in order', async (t) => {
  const { store, bus, sweeper, publisher, isEmpty } = await setUp(t);
  const flicker = setInterval(() => {
    bus.state = bus.state === 'up' ? 'failing' : 'up';
  }, 3);
  t.teardown(() => clearInterval(flicker));
  sweeper.start();
  const names = oneTo(10).map((i) => `DRN-${i}`);
  for (const name of names) publisher.offer((await register(store, name, { deviceName: name })).outbox);
  await Promise.all(
    names.map(async (name) => {
      for (const i of oneTo(20)) publisher.offer(await rename(store, name, `${name}/${i}`));
    }),
  );
  clearInterval(flicker);
  bus.state = 'up';
  await until(isEmpty);
  const history = await bus.history();
  for (const name of names) {
    const expected = [`created ${name}`, ...oneTo(20).map((i) => `${name}/${i}`)];
    t.same(
      history.filter((mark) => mark === expected[0] || mark.startsWith(`${name}/`)),
      expected,
    );
  }
});

t.test('one of several sweeps, and when it goes another one does', async (t) => {
  const { store, bus, sweeper, ages, isEmpty } = await setUp(t);
  const other = startable(t, store, bus);
  sweeper.start();
  await until(() => ages.length === 1);
  other.sweeper.start();
  await until(() => ages.length === 3);
  t.same(other.ages, []);
  await sweeper.close();
  await register(store, 'DRN-1');
  await until(isEmpty);
  t.ok(other.ages.length > 0);
});

t.test('close waits for the page at hand and begins no other', async (t) => {
  const { store, bus, sweeper } = await setUp(t);
  for (const i of oneTo(150)) await register(store, `DRN-${i}`);
  bus.gate.close();
  sweeper.start();
  await until(() => bus.gate.arrivals === 1);
  let isClosed = false;
  const closing = sweeper.close().then(() => {
    isClosed = true;
  });
  await store.backlog();
  t.equal(isClosed, false);
  bus.gate.open();
  await closing;
  t.equal((await store.backlog()).drones, 50);
  t.equal(bus.calls.length, 1);
});

t.test('close before start, and twice', async () => {
  const log = createLog();
  const publisher = { publish: async () => [] };
  const store = { pending: async () => ({ items: [], isMore: false }) };
  const sweeper = createSweeper({ store, bus: createFaultyBus(), publisher, log });
  await sweeper.close();
  await sweeper.close();
});
