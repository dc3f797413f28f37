import { computed } from '@preact/signals';
import { readAt } from './fleet.js';
import { awaySince } from './live.js';
import { heardAt, isLate } from './pulse.js';

/** Whether what is shown may be out of date, because no events come, or because the connection may be broken. */
export const isStale = computed(() => awaySince.value !== undefined || isLate.value);

/** When what is shown was last known to be right, in milliseconds since 1970; undefined while nothing is known. */
export const rightAt = computed(() => Math.max(heardAt.value ?? 0, readAt.value) || undefined);
