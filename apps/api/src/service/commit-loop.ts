import { setTimeout as delay } from 'node:timers/promises';
import {
  type DroneKey,
  type DroneStore,
  OutboxFull,
  type Snapshot,
  type StoredOutbox,
  StoreUnavailable,
} from '../store/drone-store.js';
import { contended, droneNotFound, outboxFull, storeUnavailable } from './problems.js';
import { createTurnstile } from './turnstile.js';

const MAX_ATTEMPTS = 20;
const BASE_DELAY_MS = 2;
const MAX_DELAY_MS = 100;

/** What an attempt came to: an outbox to publish and an answer, or only an answer; undefined when it lost the race. */
export type Attempt<T> = { readonly outbox?: StoredOutbox; readonly result: T } | undefined;

/** Names the store's refusals for a caller. */
export async function inStore<T>(access: Promise<T>): Promise<T> {
  try {
    return await access;
  } catch (error) {
    if (error instanceof StoreUnavailable) throw storeUnavailable(error);
    if (error instanceof OutboxFull) throw outboxFull();
    throw error;
  }
}

/** Full jitter: writers of several processes that met once should not meet again. */
const backOff = (attempt: number): Promise<void> =>
  delay(Math.random() * Math.min(BASE_DELAY_MS * 2 ** attempt, MAX_DELAY_MS));

/**
 * Changes a drone by compare-and-set: reads it, lets `attempt` commit against what was read, and starts anew when
 * somebody else was faster. The outbox of the commit goes to `offer`.
 */
export function createCommitLoop(store: DroneStore, offer: (outbox: StoredOutbox) => void) {
  const pass = createTurnstile();

  return function change<T>(key: DroneKey, attempt: (snapshot: Snapshot) => Promise<Attempt<T>>): Promise<T> {
    return pass('id' in key ? key.id : key.serialNumber, async () => {
      for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
        if (count > 0) await backOff(count);
        const snapshot = await inStore(store.find(key));
        if (!snapshot) throw droneNotFound();
        const done = await inStore(attempt(snapshot));
        if (!done) continue;
        if (done.outbox) offer(done.outbox);
        return done.result;
      }
      throw contended();
    });
  };
}

export type CommitLoop = ReturnType<typeof createCommitLoop>;
