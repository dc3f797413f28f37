import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Seconds of the window in which requests are counted; it starts with a caller's first one. */
export const WINDOW_S = 60;

/** How a caller stands after a request. */
export interface Allowance {
  /** Requests in a window. */
  readonly limit: number;
  readonly remaining: number;
  /** Whole seconds until the window ends. */
  readonly resetSeconds: number;
  readonly isExceeded: boolean;
}

/** Counts requests by caller. */
export interface RateLimiter {
  take(caller: string): Promise<Allowance>;
  close(): void;
}

/** What counts: resolves within the limit, rejects with a RateLimiterRes beyond it. */
export interface Counter {
  consume(key: string): Promise<RateLimiterRes>;
}

export function createRateLimiter(limit: number, counter: Counter, close = () => {}): RateLimiter {
  return {
    async take(caller) {
      let isExceeded = false;
      const { remainingPoints, msBeforeNext } = await counter.consume(caller).catch((refusal: unknown) => {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        isExceeded = true;
        return refusal;
      });
      return { limit, remaining: remainingPoints, resetSeconds: Math.ceil(msBeforeNext / 1000), isExceeded };
    },
    close,
  };
}

/** Counts what this process is asked. `perMinute` is what one caller may do; undefined when that is 0, no limit. */
export const createLocalLimiter = (perMinute: number): RateLimiter | undefined =>
  perMinute > 0
    ? createRateLimiter(perMinute, new RateLimiterMemory({ points: perMinute, duration: WINDOW_S }))
    : undefined;
