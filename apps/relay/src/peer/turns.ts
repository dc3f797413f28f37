/** Milliseconds of one turn of the event loop that this work may take: a pause that no client notices. */
const BUDGET_MS = 4;

/** Calls `next` once all microtasks are done: a tick that a microtask asks for comes after them. */
const afterwards = (next: () => void): void => queueMicrotask(() => process.nextTick(next));

/**
 * Spreads work that comes in bursts (new clients, changed filters) over turns of the event loop, in the order of arrival,
 * so that it does not delay everything else.
 */
export function createTurns() {
  const waiting: (() => void)[] = [];
  let isScheduled = false;
  /** A caller that did not have to wait is still at work in microtasks. */
  let isBusy = false;
  let endsAt = 0;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    endsAt = performance.now() + BUDGET_MS;
    setImmediate(() => {
      endsAt = performance.now() + BUDGET_MS;
      work();
    });
  }

  function work(): void {
    const begin = performance.now() < endsAt && waiting.shift();
    if (begin) {
      begin();
      return afterwards(work);
    }
    isScheduled = false;
    if (waiting.length > 0) schedule();
  }

  return {
    /** Resolves when it is the caller's turn: at once while there is time. */
    async next(): Promise<void> {
      schedule();
      if (waiting.length === 0 && !isBusy && performance.now() < endsAt) {
        isBusy = true;
        return afterwards(() => {
          isBusy = false;
        });
      }
      await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
