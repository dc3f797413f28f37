/**
 * Keeps a list sorted while a few of its items change: what is new is sorted and merged in, because sorting ten thousand
 * items anew at each change takes too long. The order of two items must not change while they are the same objects.
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

function merge<T>(kept: readonly T[], added: readonly T[], compare: (a: T, b: T) => number): readonly T[] {
  const merged: T[] = [];
  let next = 0;
  for (const item of kept) {
    for (let other = added[next]; other !== undefined && compare(other, item) < 0; other = added[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(item);
  }
  return [...merged, ...added.slice(next)];
}
