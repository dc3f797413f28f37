import { setTimeout as delay } from 'node:timers/promises';
import type { DroneKey, DroneStore, Snapshot, StoredOutbox } from '../store/drone-store.js';
import { contended, droneNotFound } from './problems.js';
import { orRefuse, outageOf } from './refusals.js';
import { createTurnstile } from './turnstile.js';

/** Most changes of one drone that wait in this process. */
const MAX_WAITING = 100;
/** Small, since whoever waits long meets only more others. */
const MAX_JITTER_MS = 5;

/** What an attempt came to: an outbox to publish and an answer, or only an answer; undefined when it lost the race. */
export type Attempt<T> = { readonly outbox?: StoredOutbox; readonly result: T } | undefined;

export interface CommitLoopDependencies {
  readonly store: Pick<DroneStore, 'find'>;
  readonly offer: (outbox: StoredOutbox) => void;
  /** Milliseconds that a change may wait for its turn, and lose races, before it is refused. */
  readonly patienceMs: number;
}

/**
 * Changes a drone by compare-and-set: reads it, lets `attempt` commit against what was read, and starts anew when
 * somebody else was faster. The outbox of the commit goes to `offer`. After `signal` aborts, it starts
 * no new query.
 */
export function createCommitLoop({ store, offer, patienceMs }: CommitLoopDependencies) {
  const pass = createTurnstile({
    maxWaiting: MAX_WAITING,
    patienceMs,
    refusal: contended,
    commonError: outageOf,
  });

  return function change<T>(
    key: DroneKey,
    signal: AbortSignal,
    attempt: (snapshot: Snapshot) => Promise<Attempt<T>>,
  ): Promise<T> {
    const deadline = Date.now() + patienceMs;
    const turn = pass('id' in key ? key.id : key.serialNumber, signal, async () => {
      do {
        const snapshot = await store.find(key);
        if (!snapshot) throw droneNotFound(key);
        signal.throwIfAborted();
        const done = await attempt(snapshot);
        if (done) {
          if (done.outbox) offer(done.outbox);
          return done.result;
        }
        await delay(Math.random() * MAX_JITTER_MS);
        signal.throwIfAborted();
      } while (Date.now() < deadline);
      throw contended();
    });
    return orRefuse(turn);
  };
}

export type CommitLoop = ReturnType<typeof createCommitLoop>;
