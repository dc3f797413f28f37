import { computed } from '@preact/signals';
import { awaySince } from './live.js';

/** Whether what is shown may be out of date, because no events come. */
export const isStale = computed(() => awaySince.value !== undefined);
