import type { Route } from '@dronecast/events';
import { type Filter, kindBit } from '../src/hub/filter.js';

/** Whether an event passes a filter, by the definition in docs/PROTOCOL.md. */
export function matches({ names, kinds, wholeFleet }: Filter, route: Route): boolean {
  if (!(kinds & kindBit(route.kind))) return false;
  if (route.scope === 'system') return true;
  if (route.scope === 'fleet') return wholeFleet;
  return [...names].some((name) =>
    name.endsWith('*') ? route.serialNumber.startsWith(name.slice(0, -1)) : name === route.serialNumber,
  );
}
