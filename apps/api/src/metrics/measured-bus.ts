import type { EventBus } from '@dronecast/bus';
import { Counter, Histogram, LATENCY_BUCKETS, type Registry } from '@dronecast/runtime';
import type { StoredOutbox } from '../store/drone-store.js';

/** The bus, and how long commits took to get there. */
export function measureBus(bus: EventBus, registry: Registry): EventBus {
  const registers = [registry];
  const lag = new Histogram({
    name: 'dronecast_publish_lag_seconds',
    help: 'Seconds from the latest commit of a drone until the bus had its events',
    buckets: LATENCY_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'dronecast_publish_failures_total',
    help: 'Attempts to publish that the bus did not take; what was to be published is kept and tried again',
    registers,
  });

  return {
    ...bus,
    async publish(outboxes) {
      let behind: ReadonlyMap<string, number>;
      try {
        behind = await bus.publish(outboxes);
      } catch (error) {
        failures.inc();
        throw error;
      }
      // Older entries may have been published before: a whole outbox carries them until they are acknowledged.
      for (const { key, entries } of outboxes as readonly StoredOutbox[]) {
        const committedAt = behind.has(key) ? undefined : entries.at(-1)?.at;
        if (committedAt) lag.observe(Math.max(0, Date.now() - committedAt.getTime()) / 1000);
      }
      return behind;
    },
  };
}
