import { isDroneName, KINDS } from '@dronecast/events';
import type { Kind } from './frames.js';

/** What a client follows. No `sn`, or no `events`: everything. An empty `sn`: no drone. */
export interface Filter {
  readonly sn?: readonly string[];
  readonly events?: readonly Kind[];
}

const MAX_NAMES = 100;

/** Throws RangeError on what the relay would refuse; connecting with it would be the end. */
export function check(filter: Filter): Filter {
  const { sn = [], events = [] } = filter;
  const badName = sn.find((name) => !isDroneName(name));
  if (badName !== undefined)
    throw new RangeError(`sn: ${badName} is no serial number and no prefix like abc*`);
  if (sn.length > MAX_NAMES) throw new RangeError(`sn: at most ${MAX_NAMES} serial numbers and prefixes`);
  const badKind = events.find((kind) => !KINDS.includes(kind));
  if (badKind !== undefined) throw new RangeError(`events: ${badKind} is none of ${KINDS.join(', ')}`);
  return filter;
}

const asSet = <T>(...lists: (readonly T[])[]): T[] => [...new Set(lists.flat())];

const isNothing = ({ sn, events }: Filter): boolean => !sn?.length && !events?.length;

/** Adds to a filter as the relay does: what follows everything is narrowed to what is named; nothing named is everything. */
export function widen(filter: Filter, more: Filter): Filter {
  if (isNothing(more)) return {};
  const known = filter.sn?.includes('*') ? [] : (filter.sn ?? []);
  const sn = more.sn?.length ? asSet(known, more.sn) : filter.sn;
  const events = more.events?.length ? asSet(filter.events ?? [], more.events) : filter.events;
  return check({ ...(sn && { sn }), ...(events && { events }) });
}

/** Takes out of a filter as the relay does; nothing named takes out every drone. */
export function narrow(filter: Filter, less: Filter): Filter {
  check(less);
  if (isNothing(less)) return { ...filter, sn: [] };
  const sn =
    filter.sn?.filter((name) => !less.sn?.includes(name)) ?? (less.sn?.includes('*') ? [] : undefined);
  const events = less.events?.length
    ? (filter.events ?? KINDS).filter((kind) => !less.events?.includes(kind))
    : filter.events;
  if (events?.length === 0) throw new RangeError('events: no kind would be left');
  return { ...(sn && { sn }), ...(events && { events }) };
}

/** Whether events of these kinds of a drone reach who has the filter. */
export function covers({ sn, events }: Filter, serialNumber: string, kinds: readonly Kind[]): boolean {
  const isNamed = sn?.some((name) =>
    name.endsWith('*') ? serialNumber.startsWith(name.slice(0, -1)) : name === serialNumber,
  );
  return isNamed !== false && kinds.every((kind) => events?.includes(kind) ?? true);
}

/**
 * Whether the relay can be told in place. What follows all kinds also follows those of other publishers; taking a kind
 * out of that leaves a filter that no query can ask for, so it is not let come about.
 */
export const isSayable = (filter: Filter, less: Filter): boolean =>
  filter.events !== undefined || !less.events?.length;

export const followsNoDrone = ({ sn }: Filter): boolean => sn?.length === 0;

/** The filter as a query. It can't say "no drone": that is asked for as the system's events alone. */
export function toQuery(filter: Filter): Record<string, string> {
  if (followsNoDrone(filter)) return { events: 'system' };
  const { sn, events } = filter;
  return { ...(sn && { sn: sn.join() }), ...(events && { events: events.join() }) };
}
