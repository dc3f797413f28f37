import { listsBusy } from './problems.js';
import { isOutage, orRefuse } from './refusals.js';
import { createTurnstile } from './turnstile.js';

/** Lists that are read at the same time: each of them has a batch of documents in memory. */
const WIDTH = 4;
const MAX_WAITING = 100;

/** Lets a few lists of this process read at a time. `patienceMs` is how long one may wait for its turn. */
export function createListGate(patienceMs: number) {
  const pass = createTurnstile({
    width: WIDTH,
    maxWaiting: MAX_WAITING,
    patienceMs,
    refusal: listsBusy,
    isCommon: isOutage,
  });
  return <T>(signal: AbortSignal, read: () => Promise<T>): Promise<T> => orRefuse(pass('', signal, read));
}

export type ListGate = ReturnType<typeof createListGate>;
