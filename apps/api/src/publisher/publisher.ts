import type { EventBus } from '@dronecast/bus';
import type { Incident } from '@dronecast/events';
import type { Logger } from 'pino';
import type { DroneStore, StoredOutbox } from '../store/drone-store.js';

/** Waiting outboxes beyond this are left to the sweeper: memory is bounded, the database remembers. */
const MAX_WAITING = 1000;
const MAX_BATCH = 100;

export interface Publisher {
  /** Publishes a fresh outbox soon. Never fails: what cannot be published now stays in the database. */
  offer(outbox: StoredOutbox): void;
  /** Publishes outboxes and forgets them in the database. Rejects when the bus or the database is away. */
  publish(outboxes: readonly StoredOutbox[]): Promise<void>;
  /** Waits for what has been offered. */
  close(): Promise<void>;
}

export interface PublisherDependencies {
  readonly store: Pick<DroneStore, 'saveIncidents' | 'acknowledge'>;
  readonly bus: Pick<EventBus, 'publish' | 'isReady'>;
  readonly log: Pick<Logger, 'warn'>;
}

const lastSeq = ({ entries }: StoredOutbox): number => entries.at(-1)?.seq ?? 0;

/** Carries outboxes from the database to the bus. */
export function createPublisher({ store, bus, log }: PublisherDependencies): Publisher {
  /** By key. A later outbox holds all that an earlier one held and that is not acknowledged. */
  const waiting = new Map<string, StoredOutbox>();
  let pump: Promise<void> | undefined;
  let acknowledging: Promise<void> = Promise.resolve();

  async function acknowledge(outboxes: readonly StoredOutbox[]): Promise<void> {
    const incidents = outboxes.flatMap(({ entries }) =>
      entries.flatMap(({ incident }): Incident[] => (incident ? [incident] : [])),
    );
    if (incidents.length > 0) await store.saveIncidents(incidents);
    await store.acknowledge(outboxes);
  }

  function takeBatch(): StoredOutbox[] {
    const batch: StoredOutbox[] = [];
    for (const [key, outbox] of waiting) {
      if (batch.length === MAX_BATCH) break;
      waiting.delete(key);
      batch.push(outbox);
    }
    return batch;
  }

  async function drain(): Promise<void> {
    try {
      while (waiting.size > 0) {
        const batch = takeBatch();
        await bus.publish(batch);
        // The next batch need not wait for this, but acknowledgements do for each other: so there is one at a time.
        acknowledging = acknowledging
          .then(() => acknowledge(batch))
          .catch((error) => {
            log.warn({ err: error }, 'events published but not acknowledged; the sweeper will');
          });
        if (waiting.size === 0) await acknowledging;
      }
    } catch (error) {
      waiting.clear();
      log.warn({ err: error }, 'events not published; the sweeper will');
    } finally {
      pump = undefined;
    }
  }

  return {
    offer(outbox) {
      if (!bus.isReady()) return;
      const other = waiting.get(outbox.key);
      if (other ? lastSeq(other) >= lastSeq(outbox) : waiting.size >= MAX_WAITING) return;
      waiting.set(outbox.key, outbox);
      pump ??= drain();
    },

    async publish(outboxes) {
      await bus.publish(outboxes);
      await acknowledge(outboxes);
    },

    async close() {
      await pump;
      await acknowledging;
    },
  };
}
