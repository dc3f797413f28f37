import { computed, signal } from '@preact/signals';
import { fleet } from '../state/fleet.js';
import { found } from './filter.js';

/** Serial numbers of the devices that are ticked. */
export const selection = signal<ReadonlySet<string>>(new Set());

const serialNumbersIn = (drones: typeof fleet.value): readonly string[] =>
  drones
    .map(({ deviceSerialNumber }) => deviceSerialNumber)
    .filter((serialNumber) => selection.value.has(serialNumber));

/** Those that are ticked, exist and pass the filters: the ones that a bulk action changes. */
export const selectedInSight = computed(() => serialNumbersIn(found.value));

/** How many are ticked and exist, but are hidden by the filters. */
export const hiddenCount = computed(() => serialNumbersIn(fleet.value).length - selectedInSight.value.length);

export function select(serialNumbers: readonly string[], isSelected: boolean): void {
  const next = new Set(selection.value);
  for (const serialNumber of serialNumbers) {
    if (isSelected) next.add(serialNumber);
    else next.delete(serialNumber);
  }
  selection.value = next;
}

export const clearSelection = (): void => {
  selection.value = new Set();
};
