import { ConnectionError } from './errors.js';

/**
 * What others give: the cursor store, the token function. Throws what they throw, or a ConnectionError when they take longer
 * than so many milliseconds; and what the signal was aborted with, since nobody waits any more.
 */
export async function within<T>(
  ms: number,
  what: string,
  ask: () => T | Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  signal?.throwIfAborted();
  let leave: () => void = () => {};
  const limit = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new ConnectionError(`${what} did not answer within ${ms} ms`)), ms);
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', abort);
    leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  });
  try {
    return await Promise.race([Promise.resolve().then(ask), limit]);
  } finally {
    leave();
  }
}
