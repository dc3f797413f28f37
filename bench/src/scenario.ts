import type { Bar } from './bars.js';
import type { Sample } from './samples.js';
import type { Stage } from './stage.js';

/** A column of a table. */
export interface Figure {
  readonly name: string;
  readonly title: string;
  /** Behind the point. */
  readonly digits: number;
}

export interface Run {
  /** Cleared after the scenario, however it ends. */
  readonly stage: Stage;
  readonly rounds: number;
  /** How long each measurement takes. */
  readonly seconds: number;
  /** What is left out makes a rough figure, sooner. */
  readonly isQuick: boolean;
  record(sample: Sample): void;
}

export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly figures: readonly Figure[];
  /** The figure that is also shown as a multiple of this contender's. */
  readonly compare?: { readonly figure: string; readonly to: string };
  readonly bars: readonly Bar[];
  run(run: Run): Promise<void>;
}

/** Who begins changes with the round, so that nobody is always measured in the wake of the same one. */
export function rotate<T>(items: readonly T[], round: number): T[] {
  const by = round % items.length;
  return [...items.slice(by), ...items.slice(0, by)];
}

/** Figures of a {@link import('./rig.js').Delivery}. */
export const DELIVERY_FIGURES: readonly Figure[] = [
  { name: 'cpuPerDelivery', title: 'CPU µs/delivery', digits: 2 },
  { name: 'deliveriesPerSecond', title: 'deliveries/s', digits: 0 },
  { name: 'p50', title: 'p50 ms', digits: 1 },
  { name: 'p99', title: 'p99 ms', digits: 1 },
  { name: 'p999', title: 'p99.9 ms', digits: 1 },
  { name: 'lost', title: 'lost', digits: 0 },
];
