import type { Access } from './access.js';

const prefixOf = (name: string): string | undefined => (name.endsWith('*') ? name.slice(0, -1) : undefined);

/** Whether `names` match all that `name` does. */
function covers(names: ReadonlySet<string>, name: string): boolean {
  if (names.has(name)) return true;
  const text = prefixOf(name) ?? name;
  for (const other of names) {
    const prefix = prefixOf(other);
    if (prefix !== undefined && text.startsWith(prefix)) return true;
  }
  return false;
}

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
 * as many as are owned.
 */
export function narrow(names: ReadonlySet<string>, owned: ReadonlySet<string>): Narrowed {
  const allowed = new Set<string>();
  const forbidden: string[] = [];
  for (const name of names) {
    // Of two names that match a drone in common, one lies inside the other.
    const common = covers(owned, name) ? [name] : [...owned].filter((own) => covers(new Set([name]), own));
    for (const part of common) allowed.add(part);
    if (common.length === 0) forbidden.push(name);
  }
  return { allowed, forbidden };
}
