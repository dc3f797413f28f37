import type { Drone } from '@dronecast/client';
import { computed } from '@preact/signals';
import { fleet } from '../state/fleet.js';
import { param } from '../state/place.js';

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

/** The devices that the query asks for, in order of their serial numbers. */
export const found = computed((): readonly Drone[] => {
  const [q, category, stream, ai] = FILTERS.map(param) as [string, string, string, string];
  const sought = q.toLowerCase();
  return fleet.value.filter(
    (drone) =>
      textOf(drone).includes(sought) &&
      (category === '' || drone.deviceCategory === category) &&
      isWanted(stream, drone.streamIsOn) &&
      isWanted(ai, drone.isUsingAiDetection),
  );
});

export const isFiltered = computed(() => FILTERS.some((name) => param(name) !== ''));
