import { type Access, narrow } from '@dronecast/auth';
import { EVERYTHING, type Filter, type FilterRequest, subscribe } from '../hub/filter.js';

/** What a client asked for, and what it may see. */
export interface Grant {
  /** As it was asked for. */
  readonly filter: Filter;
  /** What the client gets: the filter, restricted by its access. */
  readonly restricted: Filter;
  /** Names that were asked for and are not the client's. */
  readonly forbidden: readonly string[];
  readonly access: Access;
}

/** What of a filter a caller may see, and the names of which it may see nothing. */
export function restrict(
  filter: Filter,
  { drones }: Access,
): { filter: Filter; forbidden: readonly string[] } {
  const { allowed, forbidden } = narrow(filter.names, drones);
  return { filter: { ...filter, names: allowed, wholeFleet: drones.has('*') }, forbidden };
}

/** What a new client is granted; undefined when nothing of what it asks for is its own. Throws InvalidFilter. */
export function createGrant({ sn = [], events }: FilterRequest, access: Access): Grant | undefined {
  const wanted = (names: readonly string[]) =>
    subscribe(EVERYTHING, { sn: names, ...(events && { events }) });
  const { filter: restricted, forbidden } = restrict(wanted(sn), access);
  const isForbidden = new Set(forbidden);
  const allowed = sn.filter((name) => !isForbidden.has(name));
  if (forbidden.length > 0 && allowed.length === 0) return undefined;
  return { filter: wanted(allowed), restricted, forbidden, access };
}
