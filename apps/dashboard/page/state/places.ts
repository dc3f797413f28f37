import type { Incident } from '@dronecast/client';
import { computed, signal } from '@preact/signals';
import { coalesced } from './coalesced.js';

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly at: string;
}

const TRAIL = 20;
/** More than a fleet has: those that were longest without an incident are forgotten. */
const MOST_DEVICES = 50_000;

const known = new Map<string, Place[]>();
const version = signal(0);
const changed = coalesced(() => {
  version.value += 1;
});

/**
 * The coordinates at which each device saw something, newest first: that is all that the platform is told of where it is.
 * It is shown at the first, the others are its trail.
 */
export const trails = computed((): ReadonlyMap<string, readonly Place[]> => {
  version.value;
  return new Map(known);
});

/** Kept apart from the list of incidents, so that a device stays on the map when the list pages to older ones. */
export function placeIncident({ serialNumber, coordinates, capturedAt: at }: Incident): void {
  if (!coordinates) return;
  const [longitude, latitude] = coordinates.coordinates;
  const trail = known.get(serialNumber) ?? [];
  // Read a second time.
  if (trail.some((place) => place.at === at && place.longitude === longitude && place.latitude === latitude))
    return;
  const index = trail.findIndex((place) => place.at <= at);
  const next = trail.toSpliced(index < 0 ? trail.length : index, 0, { longitude, latitude, at });
  known.delete(serialNumber);
  known.set(serialNumber, next.slice(0, TRAIL));
  if (known.size > MOST_DEVICES) known.delete(known.keys().next().value ?? '');
  changed();
}
