import { STREAM_START } from '@dronecast/events';
import t from 'tap';
import { createMemoryBus } from '../src/index.js';
import { eventBusContract } from './event-bus-contract.js';

eventBusContract(t, 'memory', async (t, limits) => {
  const bus = createMemoryBus(limits);
  t.teardown(() => bus.close());
  return bus;
});

t.test('each start is a new epoch', async (t) => {
  const limits = { maxEvents: 10, maxAgeHours: 1 };
  const epochs = await Promise.all(
    [createMemoryBus(limits), createMemoryBus(limits)].map((bus) => bus.read(STREAM_START, 0)),
  );
  t.not(epochs[0]?.epoch, epochs[1]?.epoch);
});
