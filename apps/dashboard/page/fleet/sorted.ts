/**
 * Keeps a list sorted while a few of its items change. It sorts the new items and merges them in, because sorting ten
 * thousand items at each change takes too long. Two objects must keep their order for as long as they exist.
 */
export function createSorter<T extends object>(
  compare: (a: T, b: T) => number,
): (items: readonly T[]) => readonly T[] {
  let before: readonly T[] = [];
  return (items) => {
    const present = new Set(items);
    const kept = before.filter((item) => present.has(item));
    const known = new Set(kept);
    const added = items.filter((item) => !known.has(item)).sort(compare);
    before = added.length > 0 ? merge(kept, added, compare) : kept;
    return before;
  };
}

/** Into where each belongs, by halving: a comparison of names is slow. */
function merge<T>(kept: readonly T[], added: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  const parts: (readonly T[])[] = [];
  let from = 0;
  for (const item of added) {
    let [low, high] = [from, kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(kept[middle] as T, item) <= 0) low = middle + 1;
      else high = middle;
    }
    parts.push(kept.slice(from, low), [item]);
    from = low;
  }
  return [...parts.flat(), ...kept.slice(from)];
}
