export interface TurnstileOptions {
  /** Tasks of one key that run at the same time. Default: 1. */
  readonly width?: number;
  /** Tasks of one key that may wait. */
  readonly maxWaiting: number;
  /** Milliseconds that a task may wait for its turn. */
  readonly patienceMs: number;
  /** Creates the error for a task that finds the queue full, or has waited longer than `patienceMs`. */
  readonly refusal: () => Error;
  /** For an error that would hit every other task too, like an outage: what all waiting tasks of the key fail with. */
  readonly commonError: (error: unknown) => Error | undefined;
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
 * Runs the tasks of one key in order of arrival, `width` at a time. A task whose signal aborts while it waits never starts.
 * A running task is not interrupted.
 */
export function createTurnstile({
  width = 1,
  maxWaiting,
  patienceMs,
  refusal,
  commonError,
}: TurnstileOptions) {
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

  /** Hands the turn to the next task, if there is one. */
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
      const common = commonError(error);
      if (common) for (const waiter of queue.waiting) waiter.fail(common);
      throw error;
    } finally {
      passOn(key, queue);
    }
  };
}
