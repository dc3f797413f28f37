import type { DronecastEvent } from '@dronecast/client';
import { signal } from '@preact/signals';

const SECONDS = 300;

/** One second each. */
export interface Beat {
  /** Seconds since 1970. */
  readonly at: number;
  readonly events: number;
  /** Milliseconds from commit to screen, by this machine's clock; null in a second without events. */
  readonly p50: number | null;
  readonly p99: number | null;
}

let seen: number[] = [];
/** The last five minutes. */
export const beats = signal<readonly Beat[]>([]);

/** Replayed events are not late, they are old. */
export function measure(event: DronecastEvent, isReplayed: boolean): void {
  if (!isReplayed) seen.push(Math.max(0, Date.now() - Date.parse(event.timestamp)));
}

const quantile = (sorted: readonly number[], part: number): number | null =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? null;

setInterval(() => {
  const sorted = seen.sort((a, b) => a - b);
  seen = [];
  const beat = {
    at: Math.floor(Date.now() / 1000),
    events: sorted.length,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
  };
  beats.value = [...beats.value.slice(1 - SECONDS), beat];
}, 1000);
