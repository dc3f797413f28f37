/** Milliseconds of work in one turn of the event loop. */
const SLICE_MS = 4;

export interface Clock {
  /** Milliseconds since some fixed time. */
  now(): number;
  /** Calls back in the next turn of the event loop, after what else has come. */
  nextTurn(callback: () => void): void;
}

const systemClock: Clock = { now: () => performance.now(), nextTurn: setImmediate };

/**
 * Does long work in small steps, one task after the other, and leaves the event loop to others after 4 ms in a turn,
 * however many tasks there are.
 */
export function createTimeSlices({ now, nextTurn }: Clock = systemClock) {
  /** Each does one step, and returns whether more steps follow. */
  const tasks: (() => boolean)[] = [];
  let leftMs = SLICE_MS;
  let isWorking = false;
  let isScheduled = false;

  function work(): void {
    isWorking = true;
    for (let [task] = tasks; task && leftMs > 0; [task] = tasks) {
      const startedAt = now();
      if (!task()) tasks.shift();
      leftMs -= now() - startedAt;
    }
    isWorking = false;
    if (isScheduled) return;
    isScheduled = true;
    nextTurn(() => {
      isScheduled = false;
      leftMs = SLICE_MS;
      if (tasks.length > 0) work();
    });
  }

  return {
    /**
     * Calls `step`, at once if there is time left in this turn, until it returns something, and resolves with that.
     * Rejects with what `step` throws. A step should take well below a millisecond.
     */
    run: <T>(step: () => T | undefined): Promise<T> =>
      new Promise((resolve, reject) => {
        tasks.push(() => {
          try {
            const result = step();
            if (result === undefined) return true;
            resolve(result);
          } catch (error) {
            reject(error);
          }
          return false;
        });
        if (!isWorking) work();
      }),
  };
}

export type TimeSlices = ReturnType<typeof createTimeSlices>;
