import type { EventBus } from '@dronecast/bus';
import type { Logger } from 'pino';
import { type DroneStore, type StoredOutbox, StoreUnavailable } from '../store/drone-store.js';
import { textLength } from '../store/outbox-entry.js';
import { type Batchable, createBatcher } from './batcher.js';
import { joinReceipts, type Receipt, toReceipt } from './receipt.js';

/** Waiting outboxes beyond this are left to the sweeper: memory is bounded, the database remembers. */
const MAX_WAITING = 1000;
/** Most receipts that wait. The sweeper publishes and acknowledges again what is dropped. */
const MAX_RECEIPTS = 10_000;
/** Milliseconds that published outboxes are gathered before the database may forget them. */
const ACKNOWLEDGE_MS = 100;
/** Milliseconds after a failure in which nothing is tried: the sweeper finds it all. */
const PAUSE_MS = 1000;

/** Outboxes, of at most 2 MiB each, that are read again at the same time. */
const MAX_READS = 8;

/** Why one outbox could not be published, while the bus and the database took others. */
export interface Failure {
  readonly key: string;
  readonly serialNumber: string;
  readonly error: unknown;
}

export interface Publisher {
  /** Publishes what a commit has added soon. Never fails: what cannot be published now stays in the database. */
  offer(outbox: StoredOutbox): void;
  /**
   * Publishes outboxes and forgets them in the database. Resolves with those that failed, each tried alone. Rejects when
   * the bus or the database is unavailable.
   */
  publish(outboxes: readonly StoredOutbox[]): Promise<readonly Failure[]>;
  /** Waits for what has been offered. */
  close(): Promise<void>;
}

export interface PublisherDependencies {
  readonly store: Pick<DroneStore, 'saveIncidents' | 'acknowledge' | 'readOutbox'>;
  readonly bus: Pick<EventBus, 'publish' | 'forget' | 'isReady' | 'isFull'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

interface Publication extends Batchable {
  readonly outbox: StoredOutbox;
}

function joinPublications({ outbox: a, ...one }: Publication, b: Publication): Publication | undefined {
  if ((a.entries.at(-1)?.seq ?? 0) + 1 !== b.outbox.entries[0]?.seq) return undefined;
  const outbox = { ...a, entries: [...a.entries, ...b.outbox.entries] };
  return { ...one, length: one.length + b.length, outbox };
}

/** Carries outboxes from the database to the bus. */
export function createPublisher({ store, bus, log }: PublisherDependencies): Publisher {
  let isFailing = false;
  let resumeAt = 0;

  const isOutage = (error: unknown): boolean =>
    error instanceof StoreUnavailable || !bus.isReady() || bus.isFull();

  async function acknowledge(receipts: readonly Receipt[]): Promise<void> {
    const incidents = receipts.flatMap((receipt) => receipt.incidents);
    if (incidents.length > 0) await store.saveIncidents(incidents);
    await store.acknowledge(receipts);
    const ended = receipts.filter(({ isFinal }) => isFinal).map(({ key }) => key);
    // What the bus has not forgotten costs it a few bytes.
    if (ended.length > 0) await bus.forget(ended).catch(() => {});
  }

  /** Runs `work` on all items, and if that fails on each alone. Rejects when none could succeed. */
  async function oneByOne<T extends { key: string; serialNumber: string }>(
    items: readonly T[],
    work: (items: readonly T[]) => Promise<void>,
  ): Promise<readonly Failure[]> {
    try {
      if (items.length > 0) await work(items);
      return [];
    } catch (error) {
      if (isOutage(error)) throw error;
    }
    const failures: Failure[] = [];
    for (const item of items) {
      try {
        await work([item]);
      } catch (error) {
        if (isOutage(error)) throw error;
        failures.push({ key: item.key, serialNumber: item.serialNumber, error });
      }
    }
    return failures;
  }

  /** An incident that cannot be saved holds up no drone that has none. */
  async function acknowledgeAll(receipts: readonly Receipt[]): Promise<readonly Failure[]> {
    const isPlain = ({ incidents }: Receipt): boolean => incidents.length === 0;
    const plain = await oneByOne(receipts.filter(isPlain), acknowledge);
    const others = await oneByOne(
      receipts.filter((receipt) => !isPlain(receipt)),
      acknowledge,
    );
    return [...plain, ...others];
  }

  /** Undefined when nothing waits, since another process has published and acknowledged it. */
  async function publishWhole(key: string): Promise<Receipt | undefined> {
    const whole = await store.readOutbox(key);
    if (!whole || whole.entries.length === 0) return undefined;
    const isBehind = (await bus.publish([whole])).has(key);
    return isBehind ? undefined : toReceipt(whole);
  }

  /** Publishes, reading again what is behind. Resolves with receipts of all that was published. */
  async function publishAll(outboxes: readonly StoredOutbox[]): Promise<Receipt[]> {
    const behind = await bus.publish(outboxes);
    const receipts = outboxes.filter(({ key }) => !behind.has(key)).map(toReceipt);
    const keys = [...behind];
    for (let at = 0; at < keys.length; at += MAX_READS) {
      const published = await Promise.all(keys.slice(at, at + MAX_READS).map(publishWhole));
      receipts.push(...published.filter((receipt) => receipt !== undefined));
    }
    return receipts;
  }

  /** Apart from publishing, so that no event waits for it; many at once, since nobody is in a hurry for it. */
  const acknowledgements = createBatcher<Receipt>(
    async (batch) => {
      try {
        for (const { serialNumber, error } of await acknowledgeAll(batch))
          log.warn({ err: error, serialNumber }, 'acknowledge failed; the sweeper will retry');
      } catch (error) {
        log.warn({ err: error }, 'acknowledge failed; the sweeper will retry');
      }
    },
    { maxWaiting: MAX_RECEIPTS, gatherMs: ACKNOWLEDGE_MS, join: joinReceipts },
  );

  const publications = createBatcher<Publication>(
    async (batch) => {
      try {
        const receipts = await publishAll(batch.map(({ outbox }) => outbox));
        for (const receipt of receipts) acknowledgements.add(receipt);
        if (isFailing) log.info('publishing works again');
        isFailing = false;
      } catch (error) {
        publications.clear();
        resumeAt = Date.now() + PAUSE_MS;
        if (!isFailing) log.warn({ err: error }, 'publish failed; the sweeper will retry');
        isFailing = true;
      }
    },
    { maxWaiting: MAX_WAITING, join: joinPublications },
  );

  return {
    offer(outbox) {
      if (!bus.isReady() || Date.now() < resumeAt) return;
      publications.add({ key: outbox.key, length: textLength(outbox), outbox });
    },

    async publish(outboxes) {
      const receipts: Receipt[] = outboxes.filter(({ entries }) => entries.length === 0).map(toReceipt);
      const full = outboxes.filter(({ entries }) => entries.length > 0);
      const failures = await oneByOne(full, async (some) => {
        receipts.push(...(await publishAll(some)));
      });
      return [...failures, ...(await acknowledgeAll(receipts))];
    },

    async close() {
      await publications.finish();
      await acknowledgements.finish();
    },
  };
}
