import type { Drone } from '@dronecast/client';
import { computed } from '@preact/signals';
import { adjust, param } from '../state/place.js';
import { trails } from '../state/places.js';
import { createSorter } from './sorted.js';

/** Devices in order of their serial numbers, as they are to be shown. */
type Order = (drones: readonly Drone[]) => readonly Drone[];

const { compare: compareTexts } = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
const serialNumberOf = ({ deviceSerialNumber }: Drone): string => deviceSerialNumber;
const compareSerialNumbers = (a: Drone, b: Drone): number => (serialNumberOf(a) < serialNumberOf(b) ? -1 : 1);

/** Those of each rank together. Which rank a device has may change. */
const byRank =
  (rankOf: (drone: Drone) => number): Order =>
  (drones) => {
    const groups: Drone[][] = [];
    for (const drone of drones) {
      const rank = rankOf(drone);
      groups[rank] ??= [];
      groups[rank].push(drone);
    }
    return groups.flat();
  };

const CATEGORIES: readonly Drone['deviceCategory'][] = ['BODY CAM', 'CCTV', 'DRONE'];

/** By the names that the columns have in the page's query. On comes before off, and on the map before unknown. */
const ORDERS = {
  kind: byRank(({ deviceCategory }) => CATEGORIES.indexOf(deviceCategory) + 1),
  sn: (drones: readonly Drone[]) => drones,
  name: createSorter<Drone>((a, b) => compareTexts(a.deviceName, b.deviceName) || compareSerialNumbers(a, b)),
  stream: byRank(({ streamIsOn }) => (streamIsOn ? 0 : 1)),
  ai: byRank(({ isUsingAiDetection }) => (isUsingAiDetection ? 0 : 1)),
  position: byRank((drone) => (trails.value.has(serialNumberOf(drone)) ? 0 : 1)),
  // The youngest change first, as its age is shown.
  changed: createSorter<Drone>((a, b) =>
    a.updatedAt === b.updatedAt ? compareSerialNumbers(a, b) : a.updatedAt > b.updatedAt ? -1 : 1,
  ),
} satisfies Readonly<Record<string, Order>>;

export type SortKey = keyof typeof ORDERS;

/** The column that the table is sorted by; `-` before its name in the query is downwards. */
export const sorting = computed((): { readonly key: SortKey; readonly isDescending: boolean } => {
  const text = param('sort');
  const isDescending = text.startsWith('-');
  const key = isDescending ? text.slice(1) : text;
  return Object.hasOwn(ORDERS, key)
    ? { key: key as SortKey, isDescending }
    : { key: 'sn', isDescending: false };
});

/** Sorts by a column; by the one that it is sorted by already, the other way round. */
export function sortBy(key: SortKey): void {
  const { key: before, isDescending } = sorting.value;
  const sort = key === before && !isDescending ? `-${key}` : key;
  adjust({ sort: sort === 'sn' ? '' : sort });
}

export function inOrder(drones: readonly Drone[]): readonly Drone[] {
  const { key, isDescending } = sorting.value;
  const ordered = ORDERS[key](drones);
  return isDescending ? [...ordered].reverse() : ordered;
}
