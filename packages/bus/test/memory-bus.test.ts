import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { STREAM_START } from '@dronecast/events';
import t from 'tap';
import { createMemoryBus } from '../src/index.js';
import { type CreateBus, eventBusContract } from './event-bus-contract.js';
import { orderContract } from './order-contract.js';
import { largeOutbox } from './outboxes.js';

const create: CreateBus = async (t, limits) => {
  const bus = createMemoryBus(limits);
  t.teardown(() => bus.close());
  return bus;
};
eventBusContract(t, 'memory', create);
orderContract(t, 'memory', create);

t.test('each start is a new epoch', async (t) => {
  const limits = { maxEvents: 10, maxAgeHours: 1 };
  const epochs = await Promise.all(
    [createMemoryBus(limits), createMemoryBus(limits)].map((bus) => bus.read(STREAM_START, 0)),
  );
  t.not(epochs[0]?.epoch, epochs[1]?.epoch);
});

t.test('what has expired takes no memory', async (t) => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const bus = createMemoryBus({ maxEvents: 10, maxAgeHours: 1, maxBytes: 1024 * 1024 });
  collectGarbage();
  const before = process.memoryUsage().arrayBuffers;
  for (let seq = 1; seq <= 500; seq += 1) await bus.publish([largeOutbox(seq, seq, 200_000)]);
  collectGarbage();
  const growth = process.memoryUsage().arrayBuffers - before;
  t.ok(growth < 10 * 1024 * 1024, `${growth} bytes more`);
});

t.test('leases take bounded memory, and those that are renewed stay', async (t) => {
  const bus = createMemoryBus({ maxEvents: 10, maxAgeHours: 1 });
  await bus.lease('forgotten', 'a', 60_000);
  for (let n = 0; n < 10_000; n += 1) {
    await bus.lease(`name ${n}`, 'a', 60_000);
    if (n % 1000 === 0) await bus.lease('renewed', 'a', 60_000);
  }
  t.equal(await bus.lease('renewed', 'b', 60_000), false);
  t.equal(await bus.lease('name 9999', 'b', 60_000), false);
  t.equal(await bus.lease('forgotten', 'b', 60_000), true);
});
