const ascending = (a: number, b: number): number => a - b;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort(ascending);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/** The value that `share` (0-1) of the values do not exceed; NaN when there is none. `sorted` is ascending. */
export function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Milliseconds, of differences in microseconds. */
export function latencyFigures(microseconds: Float64Array): { p50: number; p99: number; p999: number } {
  const sorted = microseconds.slice().sort(ascending);
  const at = (share: number): number => percentile(sorted, share) / 1000;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) };
}

/** Of pairs of places in time, how far apart they are. */
export function differences(pairs: Float64Array): Float64Array {
  return Float64Array.from(
    { length: pairs.length / 2 },
    (_, index) => (pairs[2 * index + 1] ?? 0) - (pairs[2 * index] ?? 0),
  );
}
