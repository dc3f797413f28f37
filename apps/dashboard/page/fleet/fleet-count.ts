import { computed } from '@preact/signals';
import { fleet, fleetState, isFleetWhole } from '../state/fleet.js';
import { formatNumber } from '../state/number.js';
import { found } from './filter.js';

/** Until the list is whole, nothing is said of how many devices there are. */
export const loadingText = computed((): string =>
  fleet.value.length === 0 ? 'Loading fleet…' : `Loading fleet: ${formatNumber(fleet.value.length)} so far`,
);

/** How many devices were found of how many; how true that is while they are read, or could not be. */
export const countText = computed((): string => {
  if (!isFleetWhole.value) return loadingText.value;
  const count = `${formatNumber(found.value.length)} of ${formatNumber(fleet.value.length)}`;
  if (fleetState.value === 'right') return count;
  return fleetState.value === 'reading' ? `${count}, re-reading` : `${count} when last read`;
});
