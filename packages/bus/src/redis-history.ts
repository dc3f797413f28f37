import type { HistoryLimits } from './event-bus.js';
import { EPOCH_KEY, MARKS_KEY, STREAM_KEY, TALLY_KEY } from './redis-keys.js';
import type { RedisConnection } from './redis-link.js';
import { isForbidden } from './redis-memory.js';
import type { Script } from './redis-script.js';
import { TRIM } from './trim-script.js';

const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
/** So many calls in a row; a history of gigabytes that nobody has counted yet is trimmed in several rounds. */
const MAX_CALLS = 256;
/** What a process publishes between two trims, which are meant to cost publishing nothing. */
const MAX_RESERVE_BYTES = 1024 * 1024;
const RESERVES = 64;

export interface HistoryDependencies {
  readonly run: (script: Script, keys: string[], args: string[]) => Promise<unknown>;
  readonly limits: HistoryLimits;
  readonly log: RedisConnection['log'];
}

/** Keeps the stream within its limits. */
export function createRedisHistory({
  run,
  limits: { maxEvents, maxAgeHours, maxBytes = DEFAULT_MAX_BYTES },
  log,
}: HistoryDependencies) {
  const reserve = {
    bytes: Math.min(MAX_RESERVE_BYTES, Math.ceil(maxBytes / RESERVES)),
    events: Math.ceil(maxEvents / RESERVES),
  };
  const untrimmed = { bytes: 0, events: 0 };
  let mayTrimMore = true;
  let keys = [STREAM_KEY, EPOCH_KEY, TALLY_KEY, MARKS_KEY];

  /** True when there is more to do. */
  async function trimOnce(bytes: number): Promise<boolean> {
    const args = [maxEvents, maxAgeHours * 3_600_000, Math.max(0, Math.floor(bytes))].map(String);
    try {
      return (await run(TRIM, keys, args)) === 1;
    } catch (error) {
      if (!isForbidden(error) || keys.length === 1) throw error;
      log.warn(
        { err: error },
        'redis history is trimmed by count and age only: give its ACL user what docs/SECRETS.md says, and restart',
      );
      keys = [STREAM_KEY];
      return trimOnce(bytes);
    }
  }

  return {
    /**
     * To be called right before a call that publishes: when as much as the reserve has come together, a trim goes ahead of
     * it on the same connection. Its answer is not waited for; if it fails, so does what comes behind it.
     */
    prepare(bytes: number, events: number): void {
      untrimmed.bytes += bytes;
      untrimmed.events += events;
      const isDue = untrimmed.bytes > reserve.bytes || untrimmed.events > reserve.events;
      if (!isDue && !mayTrimMore) return;
      untrimmed.bytes = bytes;
      untrimmed.events = events;
      mayTrimMore = false;
      trimOnce(maxBytes - Math.max(reserve.bytes, bytes)).then(
        (isMore) => {
          mayTrimMore ||= isMore;
        },
        () => {
          mayTrimMore = true;
        },
      );
    },

    /** Leaves at most so many bytes, and no more than the limits allow. */
    async trim(bytes = maxBytes): Promise<void> {
      const most = Math.min(bytes, maxBytes - reserve.bytes);
      for (let calls = 0; calls < MAX_CALLS && (await trimOnce(most)); calls += 1);
    },
  };
}
