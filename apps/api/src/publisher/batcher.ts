import { setTimeout as delay } from 'node:timers/promises';

/** Most items, and most characters of text, in a batch. */
const MAX_BATCH = 100;
const MAX_BATCH_LENGTH = 4 * 1024 * 1024;
/** Most characters of text that wait in memory. */
const MAX_LENGTH = 16 * 1024 * 1024;

/** Something that waits on behalf of an outbox. */
export interface Batchable {
  readonly key: string;
  /** Characters of text that it keeps in memory. */
  readonly length: number;
}

export interface BatcherOptions<T> {
  readonly maxWaiting: number;
  /** Milliseconds that a batch is gathered at least. Default: none. */
  readonly gatherMs?: number;
  /** Makes one item of two of the same key, the earlier one first; undefined where that can't be done. */
  readonly join: (a: T, b: T) => T | undefined;
}

/** Works on items, one batch at a time; what comes meanwhile makes up the next batch. `work` must not reject. */
export function createBatcher<T extends Batchable>(
  work: (batch: readonly T[]) => Promise<void>,
  { maxWaiting, gatherMs = 0, join }: BatcherOptions<T>,
) {
  const hurry = new AbortController();
  const waiting = new Set<T>();
  /** Of each key that waits. */
  const latest = new Map<string, T>();
  let length = 0;
  let running: Promise<void> | undefined;

  function put(item: T): void {
    waiting.add(item);
    latest.set(item.key, item);
    length += item.length;
  }

  function drop(item: T): void {
    waiting.delete(item);
    if (latest.get(item.key) === item) latest.delete(item.key);
    length -= item.length;
  }

  function takeBatch(): T[] {
    const batch: T[] = [];
    let batchLength = 0;
    for (const item of waiting) {
      if (batch.length === MAX_BATCH || (batch.length > 0 && batchLength + item.length > MAX_BATCH_LENGTH))
        break;
      batch.push(item);
      batchLength += item.length;
    }
    for (const item of batch) drop(item);
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
    /** Drops the item when the queue is full: the database still has it, and the sweeper finds it there. */
    add(item: T): void {
      if (length + item.length > MAX_LENGTH) return;
      const other = latest.get(item.key);
      const joined = other && join(other, item);
      if (joined) drop(other);
      else if (waiting.size >= maxWaiting) return;
      put(joined ?? item);
      running ??= run();
    },

    clear(): void {
      waiting.clear();
      latest.clear();
      length = 0;
    },

    /** Gathers no more; resolves when nothing waits or is worked on. */
    async finish(): Promise<void> {
      hurry.abort();
      await running;
    },
  };
}
