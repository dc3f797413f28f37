/** Milliseconds to wait at most after the first failure, and after many. */
export interface BackoffRange {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** A wait with full jitter, so that clients that failed together do not come back together. `failures` from 0. */
export const backoff = ({ firstMs, mostMs }: BackoffRange, failures: number): number =>
  Math.random() * Math.min(mostMs, firstMs * 2 ** failures);

/** Resolves after so many milliseconds, or when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
