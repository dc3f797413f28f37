import { listsBusy } from './problems.js';
import { orRefuse, outageOf } from './refusals.js';
import { createTurnstile } from './turnstile.js';

/** Lists that are read at the same time. Each one has a batch of documents in memory. */
const WIDTH = 4;
const MAX_WAITING = 100;

/** Limits how many lists this process reads at the same time. A list waits at most `patienceMs` for its turn. */
export function createListGate(patienceMs: number) {
  const pass = createTurnstile({
    width: WIDTH,
    maxWaiting: MAX_WAITING,
    patienceMs,
    refusal: listsBusy,
    commonError: outageOf,
  });
  return <T>(signal: AbortSignal, read: () => Promise<T>): Promise<T> => orRefuse(pass('', signal, read));
}

export type ListGate = ReturnType<typeof createListGate>;
