import type { EventBus } from '@dronecast/bus';
import type { Incident } from '@dronecast/events';
import type { Logger } from 'pino';
import type { DroneStore, StoredOutbox } from '../store/drone-store.js';
import { createBatcher } from './batcher.js';

/** Waiting outboxes beyond this are left to the sweeper: memory is bounded, the database remembers. */
const MAX_WAITING = 1000;
/** Milliseconds that published outboxes are gathered before the database may forget them. */
const ACKNOWLEDGE_MS = 100;
/** Milliseconds after a failure in which nothing is tried: the sweeper finds it all. */
const PAUSE_MS = 1000;

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
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** Carries outboxes from the database to the bus. */
export function createPublisher({ store, bus, log }: PublisherDependencies): Publisher {
  let isFailing = false;
  let resumeAt = 0;

  async function acknowledge(outboxes: readonly StoredOutbox[]): Promise<void> {
    const incidents = outboxes.flatMap(({ entries }) =>
      entries.flatMap(({ incident }): Incident[] => (incident ? [incident] : [])),
    );
    if (incidents.length > 0) await store.saveIncidents(incidents);
    await store.acknowledge(outboxes);
  }

  /** Apart from publishing, so that no event waits for it; many at once, since nobody is in a hurry for it. */
  const acknowledgements = createBatcher(async (batch) => {
    try {
      await acknowledge(batch);
    } catch (error) {
      log.warn({ err: error }, 'events published but not acknowledged; the sweeper will');
    }
  }, ACKNOWLEDGE_MS);

  const publications = createBatcher(async (batch) => {
    try {
      await bus.publish(batch);
      for (const outbox of batch) acknowledgements.add(outbox);
      if (isFailing) log.info('events are published at once again');
      isFailing = false;
    } catch (error) {
      publications.clear();
      resumeAt = Date.now() + PAUSE_MS;
      if (!isFailing) log.warn({ err: error }, 'events not published; the sweeper will');
      isFailing = true;
    }
  });

  return {
    offer(outbox) {
      if (!bus.isReady() || Date.now() < resumeAt) return;
      const { waiting } = publications;
      if (waiting.has(outbox.key) || waiting.size < MAX_WAITING) publications.add(outbox);
    },

    async publish(outboxes) {
      await bus.publish(outboxes);
      await acknowledge(outboxes);
    },

    async close() {
      await publications.finish();
      await acknowledgements.finish();
    },
  };
}
