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

/** Milliseconds that a change may go on losing to others before it is refused. */
const PATIENCE_MS = 5000;
/** Small, since whoever waits long meets only more others. */
const MAX_JITTER_MS = 5;

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

/**
 * Changes a drone by compare-and-set: reads it, lets `attempt` commit against what was read, and starts anew when
 * somebody else was faster. The outbox of the commit goes to `offer`.
 */
export function createCommitLoop(store: DroneStore, offer: (outbox: StoredOutbox) => void) {
  const pass = createTurnstile();

  return function change<T>(key: DroneKey, attempt: (snapshot: Snapshot) => Promise<Attempt<T>>): Promise<T> {
    return pass('id' in key ? key.id : key.serialNumber, async () => {
      const deadline = Date.now() + PATIENCE_MS;
      while (Date.now() < deadline) {
        const snapshot = await inStore(store.find(key));
        if (!snapshot) throw droneNotFound();
        const done = await inStore(attempt(snapshot));
        if (done) {
          if (done.outbox) offer(done.outbox);
          return done.result;
        }
        await delay(Math.random() * MAX_JITTER_MS);
      }
      throw contended();
    });
  };
}

export type CommitLoop = ReturnType<typeof createCommitLoop>;
