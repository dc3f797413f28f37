import { BusUnavailable } from '@dronecast/bus';
import type { Incident } from '@dronecast/events';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { createPublisher, type PublisherDependencies } from '../src/publisher/publisher.js';
import { type StoredOutbox, StoreUnavailable } from '../src/store/drone-store.js';
import { textLength } from '../src/store/outbox-entry.js';
import { createFaultyBus, createLog, Gate } from './faults.js';
import { openLmdbStore } from './open-lmdb.js';
import { newId, sampleEvent, sampleIncident } from './samples.js';
import {
  acknowledge,
  allPending,
  marks,
  oneTo,
  register,
  remove,
  rename,
  seqs,
  snapshotOf,
  there,
} from './store-contract/context.js';

/** A publisher between a real store and a bus that can fail. */
async function setUp(t: Test, faults: Partial<PublisherDependencies['store']> = {}) {
  const { store } = await openLmdbStore(t);
  const bus = createFaultyBus();
  const log = createLog();
  const publisher = createPublisher({ store: { ...store, ...faults }, bus, log });
  t.teardown(() => publisher.close());
  return { store, bus, log, publisher };
}

/** A store that has nothing to remember. */
const forgetful = {
  saveIncidents: async () => {},
  acknowledge: async () => {},
  readOutbox: async (): Promise<StoredOutbox | undefined> => undefined,
};

const outboxOf = (key: string, ...seqs: number[]): StoredOutbox => ({
  key,
  serialNumber: key,
  entries: seqs.map((seq) => ({ seq, at: new Date(), events: [sampleEvent(`${key}/${seq}`)] })),
});

/** What commits with these seqs hand back. */
const tailOf = (key: string, ...seqs: number[]): StoredOutbox => ({
  ...outboxOf(key, ...seqs),
  isTail: true,
});

t.test('offers are published in order and acknowledged', async (t) => {
  const { store, bus, publisher } = await setUp(t);
  publisher.offer((await register(store, 'DRN-1', { deviceName: 'a' })).outbox);
  publisher.offer(await rename(store, 'DRN-1', 'b'));
  publisher.offer(await rename(store, 'DRN-1', 'c'));
  await publisher.close();
  t.same(await bus.history(), ['created a', 'b', 'c']);
  t.same(await store.backlog(), { drones: 0 });

  publisher.offer(await rename(store, 'DRN-1', 'd'));
  await publisher.close();
  t.same(await bus.history(), ['created a', 'b', 'c', 'd']);
});

t.test('many drones at once', async (t) => {
  const { store, bus, publisher } = await setUp(t);
  const names = oneTo(250).map((i) => `DRN-${i}`);
  await Promise.all(names.map(async (name) => publisher.offer((await register(store, name)).outbox)));
  await Promise.all(names.map(async (name) => publisher.offer(await rename(store, name, `${name} again`))));
  await publisher.close();
  const history = await bus.history();
  t.equal(history.length, 500);
  for (const name of names) {
    t.ok(history.indexOf(`created Device ${name}`) < history.indexOf(`${name} again`), name);
  }
  t.ok(bus.calls.every(({ length }) => length <= 100));
  t.same(await store.backlog(), { drones: 0 });
});

t.test(
  'entries of one drone that wait are joined in order, but only those that follow each other',
  async (t) => {
    const bus = createFaultyBus();
    const store = { ...forgetful, readOutbox: async () => ({ ...outboxOf('A', 4, 5, 6), head: 6 }) };
    const publisher = createPublisher({ store, bus, log: createLog() });
    bus.gate.close();
    for (const seq of [1, 2, 3, 5, 6]) publisher.offer(tailOf('A', seq));
    publisher.offer(tailOf('B', 1));
    bus.gate.open();
    await publisher.close();
    t.same(
      bus.calls.map((outboxes) =>
        outboxes.map((outbox) => [outbox.isTail ? 'tail' : 'whole', outbox.key, ...seqs(outbox)]),
      ),
      [
        [['tail', 'A', 1]],
        [
          ['tail', 'A', 2, 3],
          ['tail', 'A', 5, 6],
          ['tail', 'B', 1],
        ],
        [['whole', 'A', 4, 5, 6]],
      ],
    );
    t.same(await bus.history(), ['A/1', 'A/2', 'A/3', 'B/1', 'A/4', 'A/5', 'A/6']);
  },
);

t.test('what waits is bounded, and what follows an entry that waits is taken in nevertheless', async (t) => {
  const bus = createFaultyBus();
  const publisher = createPublisher({ store: forgetful, bus, log: createLog() });
  bus.gate.close();
  for (const i of oneTo(5000)) publisher.offer(tailOf(`${i}`, 1));
  publisher.offer(tailOf('500', 2));
  publisher.offer(tailOf('4000', 2));
  bus.gate.open();
  await publisher.close();
  const history = await bus.history();
  t.ok(history.length > 500 && history.length <= 1102, `${history.length} published`);
  t.ok(history.includes('500/2'));
  t.notOk(history.some((mark) => mark.startsWith('4000/')));
});

t.test('the queue and each batch are bounded in bytes', async (t) => {
  const bus = createFaultyBus();
  const publisher = createPublisher({ store: forgetful, bus, log: createLog() });
  const mebibyte = (key: string, ...seqs: number[]): StoredOutbox => ({
    key,
    serialNumber: 'DRN-1',
    entries: seqs.map((seq) => ({
      seq,
      at: new Date(),
      events: [sampleEvent(`${key}/${seq}`, 'DRN-1', 'updated', 'x'.repeat(2 ** 20))],
    })),
  });
  bus.gate.close();
  for (const i of oneTo(50)) publisher.offer(mebibyte(`${i}`, 1));
  publisher.offer(mebibyte('5', 2));
  publisher.offer(outboxOf('small', 1));
  bus.gate.open();
  await publisher.close();
  const history = await bus.history();
  t.ok(history.length > 10 && history.length <= 18, `${history.length} published`);
  t.notOk(history.includes('5/2'), 'the newer state did not fit and is left to the sweeper');
  t.ok(history.includes('5/1'));
  t.ok(history.includes('small/1'));
  const lengths = bus.calls.map((outboxes) =>
    outboxes.reduce((sum, outbox) => sum + textLength(outbox as StoredOutbox), 0),
  );
  t.ok(Math.max(...lengths) <= 4 * 2 ** 20 && lengths.length < 8, `${lengths}`);
});

t.test('acknowledgements do not keep event texts', async (t) => {
  const acknowledged: unknown[] = [];
  const bus = createFaultyBus();
  const store = {
    ...forgetful,
    acknowledge: async (all: readonly unknown[]) => void acknowledged.push(...all),
  };
  const publisher = createPublisher({ store, bus, log: createLog() });
  const incident = sampleIncident('DRN-1');
  const { entries, ...outbox } = outboxOf('A', 1, 2);
  const [first, second] = entries.map((entry) => ({ ...entry, incident }));
  if (first && second) publisher.offer({ ...outbox, entries: [first, { ...second, final: true }] });
  await publisher.close();
  t.match(acknowledged, [{ key: 'A', first: 1, last: 2, isFinal: true }]);
  t.notMatch(JSON.stringify(acknowledged), /"events"/);
});

t.test('while the bus is down an offer is nothing, and a later one carries all', async (t) => {
  const { store, bus, publisher } = await setUp(t);
  bus.state = 'down';
  publisher.offer((await register(store, 'DRN-1', { deviceName: 'a' })).outbox);
  for (const i of oneTo(5)) publisher.offer(await rename(store, 'DRN-1', `${i}`));
  await publisher.close();
  t.same(bus.calls, []);
  t.same((await allPending(store)).map(marks), [['created a', '1', '2', '3', '4', '5']]);

  bus.state = 'up';
  publisher.offer(await rename(store, 'DRN-1', '6'));
  await publisher.close();
  t.same(await bus.history(), ['created a', '1', '2', '3', '4', '5', '6']);
  t.same(await store.backlog(), { drones: 0 });
});

t.test('when publishing fails nothing is lost and nothing is kept in memory', async (t) => {
  const { store, bus, log, publisher } = await setUp(t);
  bus.state = 'failing';
  bus.gate.close();
  publisher.offer((await register(store, 'DRN-1', { deviceName: 'a' })).outbox);
  publisher.offer((await register(store, 'DRN-2', { deviceName: 'b' })).outbox);
  bus.gate.open();
  t.equal((await log.lines.next()).message, 'publish failed; the sweeper will retry');
  await publisher.close();
  t.equal(bus.calls.length, 1, 'what waited was let go');
  t.equal((await store.backlog()).drones, 2);

  bus.state = 'up';
  await until(async () => {
    publisher.offer(await rename(store, 'DRN-1', 'd'));
    await publisher.close();
    return bus.calls.length > 1;
  });
  const history = await bus.history();
  t.same([...new Set(history)], ['created a', 'd']);
  t.same((await allPending(store)).map(marks), [['created b']]);
  t.equal((await log.lines.next()).message, 'publishing works again');
});

t.test('after a failure it rests for a while', async (t) => {
  const bus = createFaultyBus();
  const publisher = createPublisher({ store: forgetful, bus, log: createLog() });
  bus.state = 'failing';
  for (const seq of oneTo(3)) {
    publisher.offer(tailOf('A', seq));
    await publisher.close();
  }
  t.equal(bus.calls.length, 1);
});

t.test('incidents are saved before they leave the outbox', async (t) => {
  const steps: string[] = [];
  const { store, bus, publisher } = await setUp(t, {
    saveIncidents: async (incidents) => {
      steps.push(`save ${incidents.length}`);
      await store.saveIncidents(incidents);
    },
    acknowledge: async (ranges) => {
      steps.push(`acknowledge ${ranges.length}`);
      await store.acknowledge(ranges);
    },
  });
  await register(store, 'DRN-1');
  const incidents = oneTo(2).map(() => sampleIncident('DRN-1'));
  for (const incident of incidents) {
    const snapshot = await snapshotOf(store, 'DRN-1');
    await store.commit(snapshot, { events: [sampleEvent('incident')], incident });
  }
  publisher.offer(await rename(store, 'DRN-1', 'a'));
  await publisher.close();
  t.same(steps, ['save 2', 'acknowledge 1']);
  t.equal((await store.listIncidents({ limit: 10 })).items.length, 2);
  t.equal((await bus.history()).length, 4);
});

t.test('what cannot be saved is not acknowledged, and holds up nobody else', async (t) => {
  const steps: string[] = [];
  let isBroken = true;
  const { store, bus, log, publisher } = await setUp(t, {
    saveIncidents: async (incidents) => {
      steps.push(incidents.map(({ serialNumber }) => serialNumber).join(' '));
      const isBad = incidents.some(({ serialNumber }) => serialNumber === 'BAD');
      if (isBroken && isBad) throw new Error('this incident cannot be saved');
      await store.saveIncidents(incidents);
    },
  });
  const names = ['OK-1', 'BAD', 'OK-2', 'OK-3'];
  for (const name of names) await acknowledge(store, (await register(store, name)).outbox);
  const incidents = names.map((name) => sampleIncident(name));
  const report = async (incident: Incident): Promise<void> => {
    const { serialNumber } = incident;
    const commit = { events: [sampleEvent(`seen by ${serialNumber}`)], incident };
    publisher.offer(there(await store.commit(await snapshotOf(store, serialNumber), commit)));
  };
  bus.gate.close();
  for (const incident of incidents) await report(incident);
  publisher.offer((await register(store, 'PLAIN')).outbox);
  bus.gate.open();
  t.same(await log.lines.next(), {
    message: 'acknowledge failed; the sweeper will retry',
    serialNumber: 'BAD',
    error: 'this incident cannot be saved',
  });
  await publisher.close();
  t.same((await allPending(store)).map(marks), [['seen by BAD']]);
  t.equal((await store.listIncidents({ limit: 10 })).items.length, 3);
  t.equal(log.lines.length, 0);

  publisher.offer(await rename(store, 'BAD', 'later'));
  await publisher.close();
  t.same(
    (await allPending(store)).map(marks),
    [['seen by BAD']],
    'what comes later is acknowledged without it',
  );
  t.match(await publisher.publish(await allPending(store)), [{ serialNumber: 'BAD', error: Error }]);

  isBroken = false;
  t.same(await publisher.publish(await allPending(store)), []);
  t.equal((await store.listIncidents({ limit: 10 })).items.length, 4);
  t.same(await store.backlog(), { drones: 0 });
  t.equal((await bus.history()).length, 6, 'each event once');
});

t.test('an outbox that the bus refuses holds up nobody else, and nobody pauses for it', async (t) => {
  const { store, bus, log, publisher } = await setUp(t);
  const names = oneTo(20).map((i) => `DRN-${i}`);
  const tails = [];
  for (const name of names) tails.push((await register(store, name)).outbox);
  bus.refused.add(there(tails[6]).key);
  bus.gate.close();
  for (const tail of tails) publisher.offer(tail);
  bus.gate.open();
  const { message, serialNumber } = await log.lines.next();
  t.same([message, serialNumber], ['publish failed for one drone; the sweeper will retry', 'DRN-7']);
  await publisher.close();
  t.equal((await bus.history()).length, 19);
  t.same((await allPending(store)).map(marks), [['created Device DRN-7']]);
  publisher.offer(await rename(store, 'DRN-1', 'at once'));
  await publisher.close();
  t.equal((await bus.history()).at(-1), 'at once');
  t.equal(log.lines.length, 0);

  t.match(await publisher.publish(await allPending(store)), [{ serialNumber: 'DRN-7', error: Error }]);
  bus.refused.clear();
  t.same(await publisher.publish(await allPending(store)), []);
  t.same(await store.backlog(), { drones: 0 });
});

t.test('publish acknowledges, and says what went wrong', async (t) => {
  let fault: Error | undefined;
  const { store, bus, publisher } = await setUp(t, {
    acknowledge: async (ranges) => {
      if (fault) throw fault;
      await store.acknowledge(ranges);
    },
  });
  await register(store, 'DRN-1', { deviceName: 'a' });
  bus.state = 'failing';
  await t.rejects(publisher.publish(await allPending(store)), new BusUnavailable('the bus is away'));
  t.equal((await store.backlog()).drones, 1);
  bus.state = 'up';
  fault = new StoreUnavailable('the database is away');
  await t.rejects(publisher.publish(await allPending(store)), fault);
  fault = new Error('the database takes others');
  t.match(await publisher.publish(await allPending(store)), [{ serialNumber: 'DRN-1', error: fault }]);
  t.equal((await store.backlog()).drones, 1);
  fault = undefined;
  t.same(await publisher.publish(await allPending(store)), []);
  t.same(await store.backlog(), { drones: 0 });
  t.same(await bus.history(), ['created a']);
});

t.test('the bus forgets a drone once its last entry is acknowledged', async (t) => {
  const { store, bus, publisher } = await setUp(t);
  const forgotten: string[] = [];
  const forget = bus.forget;
  bus.forget = async (keys) => {
    forgotten.push(...keys);
    await forget(keys);
    throw new BusUnavailable('the bus is away');
  };
  const { outbox } = await register(store, 'DRN-1');
  publisher.offer(outbox);
  publisher.offer(await rename(store, 'DRN-1', 'a'));
  await publisher.close();
  t.same(forgotten, []);
  publisher.offer(await remove(store, 'DRN-1'));
  await publisher.close();
  t.same(forgotten, [outbox.key]);
  t.same(await store.backlog(), { drones: 0 }, 'although that failed');
});

t.test('close waits until what was offered is published and acknowledged', async (t) => {
  const acknowledging = new Gate();
  const { store, bus, publisher } = await setUp(t, {
    acknowledge: async (ranges) => {
      await acknowledging.pass();
      await store.acknowledge(ranges);
    },
  });
  bus.gate.close();
  acknowledging.close();
  publisher.offer((await register(store, 'DRN-1')).outbox);
  publisher.offer((await register(store, 'DRN-2')).outbox);
  let isClosed = false;
  const closing = publisher.close().then(() => {
    isClosed = true;
  });
  bus.gate.open();
  await until(() => acknowledging.arrivals > 0);
  t.equal(isClosed, false);
  acknowledging.open();
  await closing;
  t.same(await store.backlog(), { drones: 0 });
  await publisher.close();
});

t.test('acknowledgements go one at a time, publishing does not wait for them', async (t) => {
  const bus = createFaultyBus();
  const acknowledging = new Gate();
  let [running, most] = [0, 0];
  const store = {
    ...forgetful,
    acknowledge: async () => {
      running += 1;
      most = Math.max(most, running);
      await acknowledging.pass();
      running -= 1;
    },
  };
  const publisher = createPublisher({ store, bus, log: createLog() });
  acknowledging.close();
  for (const _ of oneTo(350)) publisher.offer(tailOf(newId(), 1));
  await until(async () => (await bus.history()).length === 350);
  await until(() => acknowledging.arrivals === 1);
  acknowledging.open();
  await publisher.close();
  t.equal(most, 1);
  t.ok(acknowledging.arrivals > 1 && acknowledging.arrivals < 350, `${acknowledging.arrivals}`);
});
