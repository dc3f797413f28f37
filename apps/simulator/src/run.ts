import { createHistogram } from 'node:perf_hooks';
import { type ApiClient, toRequest } from './api-client.js';
import { createLanes } from './lanes.js';
import type { Operation } from './scenario.js';

/** Requests under way at once, at most. */
export const CONCURRENCY = 64;

const FIRST_BACKOFF_MS = 100;
const MAX_BACKOFF_MS = 2_000;
/** Time lost to an outage, beyond this, is not made up for in a burst. */
const MAX_LAG_MS = 100;

export type Stats = ReturnType<typeof createStats>;

export const createStats = () => ({
  registered: 0,
  /** Changes handed to the API, however often each was tried. */
  sent: 0,
  /** Changes that the API took. */
  ok: 0,
  /** Refusals by status, and failures to get an answer by code. */
  errors: new Map<string, number>(),
  /** Microseconds to the answer of each change that the API took. */
  latency: createHistogram(),
});

export interface RunnerDependencies {
  readonly client: Pick<ApiClient, 'send'>;
  readonly stats: Stats;
  /** In milliseconds; a sleep ends early when `signal` aborts. */
  readonly clock: { now(): number; sleep(ms: number): Promise<void> };
  /** Ends the run; what is in flight is still waited for. */
  readonly signal: AbortSignal;
}

export function createRunner({ client, stats, clock, signal }: RunnerDependencies) {
  const countError = (label: string) => stats.errors.set(label, (stats.errors.get(label) ?? 0) + 1);

  function countSuccess(kind: Operation['kind'], ms: number): void {
    if (kind === 'register') {
      stats.registered += 1;
      return;
    }
    stats.ok += 1;
    stats.latency.record(Math.max(1, Math.round(ms * 1000)));
  }

  /** Sends until the API takes it, refuses it for good, or the run ends. */
  async function carryOut(operation: Operation): Promise<void> {
    if (signal.aborted) return;
    const { kind } = operation;
    const request = toRequest(operation);
    if (kind !== 'register') stats.sent += 1;
    for (let backoff = FIRST_BACKOFF_MS; ; backoff = Math.min(backoff * 2, MAX_BACKOFF_MS)) {
      let wait = backoff * (0.5 + Math.random() / 2);
      const sentAt = clock.now();
      try {
        const { status, retryAfterMs } = await client.send(request);
        // A second run finds its fleet registered.
        const isTaken = status < 300 || (kind === 'register' && status === 409);
        if (isTaken) return countSuccess(kind, clock.now() - sentAt);
        countError(String(status));
        if (status !== 429 && status !== 503) return;
        wait = retryAfterMs ?? wait;
      } catch (error) {
        const { code, name } = error as NodeJS.ErrnoException;
        countError(code ?? name);
      }
      await clock.sleep(wait);
      if (signal.aborted) return;
    }
  }

  /** Starts `rate` operations per second, those of one drone one after the other, until none is left or `signal`. */
  return async function run(operations: Iterable<Operation>, rate: number): Promise<void> {
    const lanes = createLanes(CONCURRENCY);
    let due = clock.now();
    for (const operation of operations) {
      const wait = due - clock.now();
      if (wait > 0) await clock.sleep(wait);
      await lanes.room();
      if (signal.aborted) break;
      lanes.add(operation.serialNumber, () => carryOut(operation));
      due = Math.max(due + 1000 / rate, clock.now() - MAX_LAG_MS);
    }
    await lanes.idle();
  };
}
