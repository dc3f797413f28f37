import type { IndexKeys } from './filter.js';

/** Adds to the set under a key; true when the key is new. */
function insert<T>(sets: Map<string, Set<T>>, key: string, item: T): boolean {
  const set = sets.get(key);
  if (set) set.add(item);
  else sets.set(key, new Set([item]));
  return set === undefined;
}

/** Removes from the set under a key; true when the key vanishes with its last item. */
function remove<T>(sets: Map<string, Set<T>>, key: string, item: T): boolean {
  const set = sets.get(key);
  return set?.delete(item) === true && set.size === 0 && sets.delete(key);
}

/**
 * Finds items by serial number and by prefix. The cost of adding and removing an item grows with its own keys, that of
 * finding with the length of the serial number, and neither with what else is in the index.
 */
export function createNameIndex<T>() {
  const bySerialNumber = new Map<string, Set<T>>();
  const byPrefix = new Map<string, Set<T>>();
  /** How many prefixes there are of each length: only these lengths are worth a look. */
  const prefixCounts = new Map<number, number>();

  function countPrefix({ length }: string, change: 1 | -1): void {
    const count = (prefixCounts.get(length) ?? 0) + change;
    if (count > 0) prefixCounts.set(length, count);
    else prefixCounts.delete(length);
  }

  return {
    add({ serialNumbers, prefixes }: IndexKeys, item: T): void {
      for (const name of serialNumbers) insert(bySerialNumber, name, item);
      for (const prefix of prefixes) if (insert(byPrefix, prefix, item)) countPrefix(prefix, 1);
    },

    delete({ serialNumbers, prefixes }: IndexKeys, item: T): void {
      for (const name of serialNumbers) remove(bySerialNumber, name, item);
      for (const prefix of prefixes) if (remove(byPrefix, prefix, item)) countPrefix(prefix, -1);
    },

    /** The items under a serial number and under each prefix of it. */
    find(serialNumber: string): ReadonlySet<T>[] {
      const found: ReadonlySet<T>[] = [];
      const exact = bySerialNumber.get(serialNumber);
      if (exact) found.push(exact);
      for (const length of prefixCounts.keys()) {
        const items = length <= serialNumber.length && byPrefix.get(serialNumber.slice(0, length));
        if (items) found.push(items);
      }
      return found;
    },
  };
}
