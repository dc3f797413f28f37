/**
 * Repeatable random numbers: the same seed gives the same sequence on every machine. Mulberry32 by Tommy Ettinger
 * (public domain): 32 bits of state, good enough to look natural, not for secrets.
 */
export function createRandom(seed: number) {
  let state = seed;

  /** From 0 up to, but not including, 1. */
  function next(): number {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  const between = (low: number, high: number): number => low + next() * (high - low);
  /** Both ends included. */
  const integer = (low: number, high: number): number => Math.floor(between(low, high + 1));
  const chance = (probability: number): boolean => next() < probability;
  /** `items` must not be empty. */
  const pick = <T>(items: readonly T[]): T => items[integer(0, items.length - 1)] as T;

  /** At least one of `items`, each at most once, in their order. */
  function some<T>(items: readonly T[]): T[] {
    const chosen = items.filter(() => chance(0.5));
    return chosen.length > 0 ? chosen : [pick(items)];
  }

  return { between, integer, chance, pick, some };
}

export type Random = ReturnType<typeof createRandom>;
