export interface TurnstileOptions {
  /** Tasks of one key that run at the same time; default 1. */
  readonly width?: number;
  /** Tasks of one key that may wait. */
  readonly maxWaiting: number;
  /** Milliseconds that a task may wait for its turn. */
  readonly patienceMs: number;
  /** What a task is refused with when too many wait, or it has waited too long. */
  readonly refusal: () => Error;
  /** Whether a failure would be that of any other task too: then all that wait for the key fail with it at once. */
  readonly isCommon: (error: unknown) => boolean;
}

interface Waiter {
  enter(): void;
  fail(error: unknown): void;
}

interface Queue {
  running: number;
  /** In order of arrival. */
  readonly waiting: Set<Waiter>;
}

/**
 * Lets the tasks of one key through in order of arrival, a few at a time. A task that is given up before its turn never
 * begins; one that has begun is not interrupted.
 */
export function createTurnstile({ width = 1, maxWaiting, patienceMs, refusal, isCommon }: TurnstileOptions) {
  const queues = new Map<string, Queue>();

  function whenTurn({ waiting }: Queue, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        waiting.delete(waiter);
      };
      const waiter: Waiter = {
        enter() {
          leave();
          resolve();
        },
        fail(error) {
          leave();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.fail(signal.reason);
      const timer = setTimeout(() => waiter.fail(refusal()), patienceMs);
      signal.addEventListener('abort', onAbort);
      waiting.add(waiter);
    });
  }

  /** The turn goes to the next one, if there is one. */
  function passOn(key: string, queue: Queue): void {
    const [next] = queue.waiting;
    if (next) return next.enter();
    queue.running -= 1;
    if (queue.running === 0) queues.delete(key);
  }

  return async function pass<T>(key: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const queue = queues.get(key) ?? { running: 0, waiting: new Set() };
    if (queue.running < width) queue.running += 1;
    else if (queue.waiting.size < maxWaiting) await whenTurn(queue, signal);
    else throw refusal();
    queues.set(key, queue);
    try {
      signal.throwIfAborted();
      return await task();
    } catch (error) {
      if (isCommon(error)) for (const waiter of queue.waiting) waiter.fail(error);
      throw error;
    } finally {
      passOn(key, queue);
    }
  };
}
