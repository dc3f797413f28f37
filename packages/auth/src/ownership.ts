import { covers } from '@dronecast/events';
import type { Access } from './access.js';

/** Whether a drone, existing or not, is the caller's. */
export const owns = ({ drones }: Pick<Access, 'drones'>, serialNumber: string): boolean =>
  covers(drones, serialNumber);

export interface Narrowed {
  /** Matches exactly the serial numbers that both sides match. */
  readonly allowed: ReadonlySet<string>;
  /** The names asked for of which nothing is owned. */
  readonly forbidden: readonly string[];
}

/**
 * Narrows what is asked for to what is owned; both hold serial numbers and prefixes (`abc*`; `*` is every drone). A
 * prefix that is owned in part gives the owned part and is not forbidden. It may give more names than were asked for,
 * as many as are owned. The work grows with the sum of both sides, not with their product.
 */
export function narrow(names: ReadonlySet<string>, owned: ReadonlySet<string>): Narrowed {
  // Of two names that match a drone in common, one lies inside the other.
  const uncovered = [...names].filter((name) => !covers(owned, name));
  const inside = new Map<string, string[]>(uncovered.map((name) => [name, []]));
  const lengths = new Set(uncovered.filter((name) => name.endsWith('*')).map(({ length }) => length - 1));
  for (const own of owned) {
    const end = own.endsWith('*') ? own.length - 1 : own.length;
    for (const length of lengths) if (length <= end) inside.get(`${own.slice(0, length)}*`)?.push(own);
  }
  // Connections that ask for everything share the set of their token.
  const isEverything = names.size === 1 && inside.has('*');
  return {
    allowed: isEverything ? owned : new Set([...names].flatMap((name) => inside.get(name) ?? name)),
    forbidden: uncovered.filter((name) => inside.get(name)?.length === 0),
  };
}
