import { setTimeout as delay } from 'node:timers/promises';
import type { StoredOutbox } from '../store/drone-store.js';

const MAX_BATCH = 100;

const lastSeq = ({ entries }: StoredOutbox): number => entries.at(-1)?.seq ?? 0;

/**
 * Works on outboxes, one batch at a time; what comes meanwhile, and for at least `gatherMs` before, makes up the next
 * batch. Of one outbox only the latest state waits, since it holds all that an earlier one held and that is not
 * acknowledged. `work` must not reject.
 */
export function createBatcher(work: (batch: StoredOutbox[]) => Promise<void>, gatherMs = 0) {
  const hurry = new AbortController();
  const waiting = new Map<string, StoredOutbox>();
  let running: Promise<void> | undefined;

  function takeBatch(): StoredOutbox[] {
    const batch = [...waiting.values()].slice(0, MAX_BATCH);
    for (const { key } of batch) waiting.delete(key);
    return batch;
  }

  const gather = (): Promise<void> => delay(gatherMs, undefined, { signal: hurry.signal }).catch(() => {});

  async function run(): Promise<void> {
    while (waiting.size > 0) {
      if (gatherMs > 0 && waiting.size < MAX_BATCH) await gather();
      await work(takeBatch());
    }
    running = undefined;
  }

  return {
    waiting: waiting as ReadonlyMap<string, StoredOutbox>,

    add(outbox: StoredOutbox): void {
      const other = waiting.get(outbox.key);
      if (!other || lastSeq(other) < lastSeq(outbox)) waiting.set(outbox.key, outbox);
      running ??= run();
    },

    clear: (): void => waiting.clear(),

    /** Gathers no more; resolves when nothing waits or is worked on. */
    async finish(): Promise<void> {
      hurry.abort();
      await running;
    },
  };
}
