import type { Incident } from '@dronecast/client';
import { computed } from '@preact/signals';
import { allIncidents } from './incidents.js';

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
  readonly at: string;
}

const TRAIL = 20;

const toPlace = ({ coordinates, capturedAt }: Incident): Place | undefined =>
  coordinates && {
    longitude: coordinates.coordinates[0],
    latitude: coordinates.coordinates[1],
    at: capturedAt,
  };

/**
 * Where each device was when it saw something, newest first: that is all that the platform is told of places. The first
 * is where it is shown, the others are its trail.
 */
export const trails = computed((): ReadonlyMap<string, readonly Place[]> => {
  const found = new Map<string, Place[]>();
  for (const incident of allIncidents.value) {
    const place = toPlace(incident);
    if (!place) continue;
    const trail = found.get(incident.serialNumber);
    if (!trail) found.set(incident.serialNumber, [place]);
    else if (trail.length < TRAIL) trail.push(place);
  }
  return found;
});
