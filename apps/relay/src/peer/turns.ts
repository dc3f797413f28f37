/** Milliseconds of one turn of the event loop that go to this work: a pause that nobody notices. */
const BUDGET_MS = 4;

/** A tick that a microtask asks for comes after all microtasks: when whoever goes on in them has done its work. */
const afterwards = (next: () => void): void => queueMicrotask(() => process.nextTick(next));

/**
 * Spreads work that comes in bursts (newcomers, changes of filters) over turns of the event loop, in the order of
 * arrival, so that it does not hold up those who are there.
 */
export function createTurns() {
  const waiting: (() => void)[] = [];
  let isScheduled = false;
  /** Somebody who did not wait is at work. */
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
