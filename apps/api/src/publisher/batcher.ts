import { setTimeout as delay } from 'node:timers/promises';

/** A batch goes out when it has so many items, or so many characters of text. */
const MAX_BATCH = 100;
const MAX_BATCH_LENGTH = 4 * 1024 * 1024;
/** Characters of text that may wait in memory. */
const MAX_LENGTH = 16 * 1024 * 1024;

/** What stands for an outbox while it waits. */
export interface Batchable {
  readonly key: string;
  /** The last entry's. */
  readonly seq: number;
  /** Characters of text that it keeps in memory. */
  readonly length: number;
}

/**
 * Works on outboxes, one batch at a time; what comes meanwhile, and for at least `gatherMs` before, makes up the next
 * batch. Of one outbox only the latest state waits, since it holds all that an earlier one held and that is not
 * acknowledged. `work` must not reject.
 */
export function createBatcher<T extends Batchable>(
  work: (batch: readonly T[]) => Promise<void>,
  { maxWaiting, gatherMs = 0 }: { maxWaiting: number; gatherMs?: number },
) {
  const hurry = new AbortController();
  const waiting = new Map<string, T>();
  let length = 0;
  let running: Promise<void> | undefined;

  function put(item: T): void {
    length += item.length - (waiting.get(item.key)?.length ?? 0);
    waiting.set(item.key, item);
  }

  function takeBatch(): T[] {
    const batch: T[] = [];
    let batchLength = 0;
    for (const item of waiting.values()) {
      if (batch.length === MAX_BATCH || (batch.length > 0 && batchLength + item.length > MAX_BATCH_LENGTH))
        break;
      batch.push(item);
      batchLength += item.length;
    }
    for (const { key } of batch) waiting.delete(key);
    length -= batchLength;
    return batch;
  }

  const gather = (): Promise<void> => delay(gatherMs, undefined, { signal: hurry.signal }).catch(() => {});

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      if (gatherMs > 0 && waiting.size < MAX_BATCH && length < MAX_BATCH_LENGTH) await gather();
      await work(takeBatch());
    }
    running = undefined;
  }

  return {
    /** Takes no more than its bounds allow: the database remembers, and the sweeper finds what was not taken. */
    add(item: T): void {
      const other = waiting.get(item.key);
      if (other && other.seq >= item.seq) return;
      if (!other && waiting.size >= maxWaiting) return;
      if (length + item.length - (other?.length ?? 0) > MAX_LENGTH) return;
      put(item);
      running ??= run();
    },

    clear(): void {
      waiting.clear();
      length = 0;
    },

    /** Gathers no more; resolves when nothing waits or is worked on. */
    async finish(): Promise<void> {
      hurry.abort();
      await running;
    },
  };
}
