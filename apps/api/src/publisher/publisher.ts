import { BusUnavailable, type EventBus } from '@dronecast/bus';
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
   * Publishes outboxes and forgets them in the database. Resolves with those that failed, while the others did not. Rejects
   * when the bus or the database is unavailable.
   */
  publish(outboxes: readonly StoredOutbox[]): Promise<readonly Failure[]>;
  /** Waits for what has been offered. */
  close(): Promise<void>;
}

export interface PublisherDependencies {
  readonly store: Pick<DroneStore, 'saveIncidents' | 'acknowledge' | 'readOutbox'>;
  readonly bus: Pick<EventBus, 'publish' | 'forget' | 'isReady'>;
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

  async function acknowledge(receipts: readonly Receipt[]): Promise<void> {
    const incidents = receipts.flatMap((receipt) => receipt.incidents);
    if (incidents.length > 0) await store.saveIncidents(incidents);
    await store.acknowledge(receipts);
    const ended = receipts.filter(({ isFinal }) => isFinal).map(({ key }) => key);
    // What the bus has not forgotten costs it a few bytes.
    if (ended.length > 0) await bus.forget(ended).catch(() => {});
  }

  /** An incident that cannot be saved holds up no drone that has none. */
  async function acknowledgeEach(receipts: readonly Receipt[]): Promise<readonly Failure[]> {
    const isPlain = ({ incidents }: Receipt): boolean => incidents.length === 0;
    const plain = await isolateFailures(receipts.filter(isPlain), acknowledge);
    const others = await isolateFailures(
      receipts.filter((receipt) => !isPlain(receipt)),
      acknowledge,
    );
    return [...plain, ...others];
  }

  /**
   * Undefined when nothing waits, since another process has published and acknowledged it, or when another process has
   * begun a new epoch in the middle of it: then the sweeper finds it.
   */
  async function publishWhole(key: string, behind: number): Promise<Receipt | undefined> {
    const whole = await store.readOutbox(key);
    if (!whole) return undefined;
    const isBehind = (await bus.publish([{ ...whole, behind }])).has(key);
    return isBehind ? undefined : toReceipt(whole);
  }

  /** Publishes, reading again what is behind. Resolves with receipts of all that was published. */
  async function publishAll(outboxes: readonly StoredOutbox[]): Promise<Receipt[]> {
    const behind = await bus.publish(outboxes);
    const receipts = outboxes.filter(({ key }) => !behind.has(key)).map(toReceipt);
    const unread = [...behind];
    for (let at = 0; at < unread.length; at += MAX_READS) {
      const some = unread.slice(at, at + MAX_READS);
      const published = await Promise.all(some.map(([key, seq]) => publishWhole(key, seq)));
      receipts.push(...published.filter((receipt) => receipt !== undefined));
    }
    return receipts;
  }

  /** What was published, and what could not be. */
  async function publishEach(outboxes: readonly StoredOutbox[]) {
    const receipts: Receipt[] = [];
    const failures = await isolateFailures(outboxes, async (some) => {
      receipts.push(...(await publishAll(some)));
    });
    return { receipts, failures };
  }

  /** Apart from publishing, so that no event waits for it; many at once, since nobody is in a hurry for it. */
  const acknowledgements = createBatcher<Receipt>(
    async (batch) => {
      try {
        for (const { serialNumber, error } of await acknowledgeEach(batch))
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
        const { receipts, failures } = await publishEach(batch.map(({ outbox }) => outbox));
        for (const receipt of receipts) acknowledgements.add(receipt);
        for (const { serialNumber, error } of failures)
          log.warn({ err: error, serialNumber }, 'publish failed for one drone; the sweeper will retry');
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
      const empty = outboxes.filter(({ entries }) => entries.length === 0).map(toReceipt);
      const { receipts, failures } = await publishEach(outboxes.filter(({ entries }) => entries.length > 0));
      return [...failures, ...(await acknowledgeEach([...empty, ...receipts]))];
    },

    async close() {
      await publications.finish();
      await acknowledgements.finish();
    },
  };
}

const isOutage = (error: unknown): boolean =>
  error instanceof StoreUnavailable || error instanceof BusUnavailable;

/** Runs `work` on all items; if that fails on each half, and so on, until it is known which items fail. Rejects on an outage. */
async function isolateFailures<T extends { key: string; serialNumber: string }>(
  items: readonly T[],
  work: (items: readonly T[]) => Promise<void>,
): Promise<readonly Failure[]> {
  const [first] = items;
  if (!first) return [];
  try {
    await work(items);
    return [];
  } catch (error) {
    if (isOutage(error)) throw error;
    if (items.length === 1) return [{ key: first.key, serialNumber: first.serialNumber, error }];
  }
  const middle = Math.ceil(items.length / 2);
  const failures = await isolateFailures(items.slice(0, middle), work);
  return [...failures, ...(await isolateFailures(items.slice(middle), work))];
}
