import type { Logger } from 'pino';
import type { Failure } from './publisher.js';

const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 300_000;
/** Outboxes that are remembered; of more than that the oldest are retried at once. */
const MAX_SET_ASIDE = 10_000;

/** Outboxes that cannot be published or acknowledged, each with a delay that doubles, so that they hold up no others. */
export function createSetAside(log: Pick<Logger, 'error' | 'info'>) {
  const outboxes = new Map<string, { readonly delayMs: number; readonly until: number }>();

  return {
    size: (): number => outboxes.size,

    /** Whether an outbox is not due yet. */
    has: (key: string): boolean => (outboxes.get(key)?.until ?? 0) > Date.now(),

    add({ key, serialNumber, error }: Failure): void {
      const delayMs = Math.min((outboxes.get(key)?.delayMs ?? FIRST_DELAY_MS / 2) * 2, MAX_DELAY_MS);
      outboxes.delete(key);
      outboxes.set(key, { delayMs, until: Date.now() + delayMs });
      const [oldest] = outboxes.keys();
      if (outboxes.size > MAX_SET_ASIDE && oldest !== undefined) outboxes.delete(oldest);
      log.error(
        { err: error, serialNumber, outbox: key, retryInMs: delayMs },
        'outbox set aside: its events cannot be published; other drones are not affected',
      );
    },

    /** What was due at a time, in ms since 1970, has been tried: what has not failed since then is published. */
    removeDue(at: number): void {
      for (const [key, { until }] of outboxes) if (until <= at) outboxes.delete(key);
    },

    clear: (): void => outboxes.clear(),
  };
}
