import type { EventBus } from '@dronecast/bus';
import type { Logger } from 'pino';
import type { DroneStore, StoredOutbox } from '../store/drone-store.js';
import { textLength } from '../store/outbox-entry.js';
import { type Batchable, createBatcher } from './batcher.js';
import { type Receipt, toReceipt } from './receipt.js';

/** Waiting outboxes beyond this are left to the sweeper: memory is bounded, the database remembers. */
const MAX_WAITING = 1000;
/** Receipts are small, and one that is not taken means that the sweeper publishes again. */
const MAX_RECEIPTS = 10_000;
/** Milliseconds that published outboxes are gathered before the database may forget them. */
const ACKNOWLEDGE_MS = 100;
/** Milliseconds after a failure in which nothing is tried: the sweeper finds it all. */
const PAUSE_MS = 1000;

export interface Publisher {
  /**
   * Publishes a fresh outbox soon. Never fails: what cannot be published now, or is not the whole outbox, stays in the
   * database, where the sweeper finds it.
   */
  offer(outbox: StoredOutbox): void;
  /** Publishes outboxes and forgets them in the database. Rejects when the bus or the database is away. */
  publish(outboxes: readonly StoredOutbox[]): Promise<void>;
  /** Waits for what has been offered. */
  close(): Promise<void>;
}

export interface PublisherDependencies {
  readonly store: Pick<DroneStore, 'saveIncidents' | 'acknowledge'>;
  readonly bus: Pick<EventBus, 'publish' | 'isReady'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

interface Publication extends Batchable {
  readonly outbox: StoredOutbox;
}

/** Carries outboxes from the database to the bus. */
export function createPublisher({ store, bus, log }: PublisherDependencies): Publisher {
  let isFailing = false;
  let resumeAt = 0;

  async function acknowledge(receipts: readonly Receipt[]): Promise<void> {
    const incidents = receipts.flatMap((receipt) => receipt.incidents);
    if (incidents.length > 0) await store.saveIncidents(incidents);
    await store.acknowledge(receipts);
  }

  /** Apart from publishing, so that no event waits for it; many at once, since nobody is in a hurry for it. */
  const acknowledgements = createBatcher<Receipt>(
    async (batch) => {
      try {
        await acknowledge(batch);
      } catch (error) {
        log.warn({ err: error }, 'events published but not acknowledged; the sweeper will');
      }
    },
    { maxWaiting: MAX_RECEIPTS, gatherMs: ACKNOWLEDGE_MS },
  );

  const publications = createBatcher<Publication>(
    async (batch) => {
      try {
        await bus.publish(batch.map(({ outbox }) => outbox));
        for (const { outbox } of batch) acknowledgements.add(toReceipt(outbox));
        if (isFailing) log.info('events are published at once again');
        isFailing = false;
      } catch (error) {
        publications.clear();
        resumeAt = Date.now() + PAUSE_MS;
        if (!isFailing) log.warn({ err: error }, 'events not published; the sweeper will');
        isFailing = true;
      }
    },
    { maxWaiting: MAX_WAITING },
  );

  return {
    offer(outbox) {
      if (outbox.isTail || !bus.isReady() || Date.now() < resumeAt) return;
      const seq = outbox.entries.at(-1)?.seq ?? 0;
      publications.add({ key: outbox.key, seq, length: textLength(outbox), outbox });
    },

    async publish(outboxes) {
      await bus.publish(outboxes);
      await acknowledge(outboxes.map(toReceipt));
    },

    async close() {
      await publications.finish();
      await acknowledgements.finish();
    },
  };
}
