import type { Item } from '@dronecast/client';
import { computed, signal } from '@preact/signals';
import { coalesced } from './coalesced.js';

const MOST = 2000;

export interface Heard {
  readonly number: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly item: Item;
}

let items: Heard[] = [];
let count = 0;
const version = signal(0);
const changed = coalesced(() => {
  version.value += 1;
});

/** The latest of all that came since the page was opened, newest first. */
export const heard = computed((): readonly Heard[] => {
  version.value;
  return items.slice(-MOST).reverse();
});

export const heardCount = computed((): number => {
  version.value;
  return count;
});

export function keep(item: Item): void {
  count += 1;
  items.push({ number: count, at: Date.now(), item });
  if (items.length > 2 * MOST) items = items.slice(-MOST);
  changed();
}
