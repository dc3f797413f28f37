import type { Drone } from '@dronecast/client';
import { computed } from '@preact/signals';
import { fleet } from '../state/fleet.js';
import { adjust, param } from '../state/place.js';
import { inOrder } from './order.js';

/** Names of the parameters in the page's query. */
export const FILTERS = ['q', 'category', 'stream', 'ai'] as const;

const texts = new WeakMap<Drone, string>();

/** All that can be searched for, in lower case. */
function textOf(drone: Drone): string {
  let text = texts.get(drone);
  if (text === undefined) {
    text = `${drone.deviceSerialNumber}\n${drone.deviceName}\n${drone.metadata.alias}`.toLowerCase();
    texts.set(drone, text);
  }
  return text;
}

const isWanted = (wanted: string, isOn: boolean): boolean => wanted === '' || (wanted === 'on') === isOn;

/** The devices that the query asks for, in the order that it asks for. Words are found in any order. */
export const found = computed((): readonly Drone[] => {
  const [q, category, stream, ai] = FILTERS.map(param) as [string, string, string, string];
  const words = q.toLowerCase().split(/\s+/);
  const matching = fleet.value.filter(
    (drone) =>
      words.every((word) => textOf(drone).includes(word)) &&
      (category === '' || drone.deviceCategory === category) &&
      isWanted(stream, drone.streamIsOn) &&
      isWanted(ai, drone.isUsingAiDetection),
  );
  return inOrder(matching);
});

export const isFiltered = computed(() => FILTERS.some((name) => param(name) !== ''));

export const clearFilters = (): void => adjust(Object.fromEntries(FILTERS.map((name) => [name, ''])));
