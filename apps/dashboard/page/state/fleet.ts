import type { Drone, DronecastEvent } from '@dronecast/client';
import { computed, signal } from '@preact/signals';
import { coalesced } from './coalesced.js';
import { createReader, type ReadState } from './reader.js';
import { api, ask } from './requests.js';

const PAGE = 1000;
/** For one page of the list. */
const TIMEOUT_MS = 30_000;

/** The devices by serial number, as far as the page may see them. */
const drones = new Map<string, Drone>();
/** Ids of devices that are gone, so that a list that was read before brings none of them back. */
const gone = new Set<string>();
/** When each device was last seen to change, in milliseconds since 1970. */
export const changedAt = new Map<string, number>();

let inOrder: Drone[] | undefined;
const version = signal(0);
const changed = coalesced(() => {
  version.value += 1;
});

export const fleetState = signal<ReadState>('reading');
/** Whether all devices have been read once: until then, those that are known are not the fleet. */
export const isFleetWhole = signal(false);
/** When the fleet was last read by REST. */
export const readAt = signal(0);

const isNewer = (drone: Drone, known: Drone | undefined): boolean =>
  !gone.has(drone.id) &&
  (!known || (known.id === drone.id ? drone.revision > known.revision : drone.createdAt >= known.createdAt));

function put(drone: Drone): boolean {
  const { deviceSerialNumber: serialNumber } = drone;
  const known = drones.get(serialNumber);
  if (!isNewer(drone, known)) return false;
  drones.set(serialNumber, drone);
  if (known && inOrder) {
    const at = find(inOrder, serialNumber);
    inOrder[at] = drone;
  } else inOrder = undefined;
  changed();
  return true;
}

/** Where a serial number is in a list that is in their order. */
function find(list: readonly Drone[], serialNumber: string): number {
  let [low, high] = [0, list.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] as Drone).deviceSerialNumber < serialNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}

function remove(serialNumber: string, id: string): void {
  gone.add(id);
  if (drones.get(serialNumber)?.id !== id) return;
  drones.delete(serialNumber);
  inOrder = undefined;
  changed();
}

export function hearOfFleet(event: DronecastEvent): void {
  if (event.event === 'drone.created' || event.event === 'drone.updated') {
    if (put(event.data.full)) changedAt.set(event.serialNumber, Date.now());
  } else if (event.event === 'drone.deleted') remove(event.serialNumber, event.data.droneId);
}

/** What the API itself has answered is news too, and may be faster than its event. */
export const adopt = (drone: Drone): void => void put(drone);

/** Gives the fleet as it is to be shown meanwhile; returns what undoes it, unless news has come. */
export function pretend(drone: Drone): () => void {
  const { deviceSerialNumber: serialNumber } = drone;
  const before = drones.get(serialNumber);
  drones.set(serialNumber, drone);
  inOrder = undefined;
  changed();
  return () => {
    if (before && drones.get(serialNumber) === drone) drones.set(serialNumber, before);
    inOrder = undefined;
    changed();
  };
}

async function readAll(): Promise<void> {
  const unseen = new Set(drones.keys());
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
    // A connection that died without a word would keep the fleet from ever being read again.
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const page = await ask(api.GET('/api/v1/drones', { params: { query }, signal }));
    for (const drone of page.data.drones) {
      put(drone);
      unseen.delete(drone.deviceSerialNumber);
    }
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  // What was known before and is not in the list has gone while nobody told.
  for (const serialNumber of unseen) {
    drones.delete(serialNumber);
    inOrder = undefined;
  }
  changed();
}

/** Reads the fleet by REST. Events that arrive during the reading win by their revision. */
export const readFleet = createReader(fleetState, async () => {
  await readAll();
  return () => {
    readAt.value = Date.now();
    version.value += 1;
    isFleetWhole.value = true;
  };
});

/** All devices, in order of their serial numbers. */
export const fleet = computed((): readonly Drone[] => {
  version.value;
  inOrder ??= [...drones.values()].sort((a, b) => (a.deviceSerialNumber < b.deviceSerialNumber ? -1 : 1));
  return inOrder.slice();
});

export const droneOf = (serialNumber: string): Drone | undefined => {
  version.value;
  return drones.get(serialNumber);
};
