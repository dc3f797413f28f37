import type { Incident } from '@dronecast/client';
import { computed, signal } from '@preact/signals';
import { allIncidents, hasOlder, incidentCount, incidents } from '../state/incidents.js';
import { formatNumber } from '../state/number.js';
import { param } from '../state/place.js';

const BINS = 60;

/** What the time brush has selected, in seconds since 1970. */
export const range = signal<readonly [number, number] | null>(null);

/** Without a confidence, an incident is as sure as can be. */
const isSure = ({ confidence = 1 }: Incident): boolean =>
  confidence * 100 >= Number(param('confidence') || 0);

function isInRange({ capturedAt }: Incident): boolean {
  if (range.value === null) return true;
  const at = Date.parse(capturedAt) / 1000;
  return at >= range.value[0] && at <= range.value[1];
}

/** What the sliders let through, newest first. */
export const wanted = computed(() => incidents.value.filter((one) => isSure(one) && isInRange(one)));
export const wantedOnMap = computed(() => allIncidents.value.filter((one) => isSure(one) && isInRange(one)));

const isFiltered = computed(() => range.value !== null || Number(param('confidence') || 0) > 0);

/** How many are listed, of how many: of all, where these have been counted, else of those that were read. */
export const countText = computed((): string => {
  const [loaded, total] = [incidents.value.length, incidentCount.value];
  const [shown, all] = [wanted.value.length, total ?? loaded].map(formatNumber);
  if (loaded === total || (total !== undefined && !isFiltered.value)) return `${shown} of ${all}`;
  if (isFiltered.value) return `${shown} of the ${formatNumber(loaded)} loaded`;
  return hasOlder.value ? `${shown} loaded, older ones exist` : `${shown} loaded`;
});

/** How many there were over time: seconds since 1970, and counts. */
export const overTime = computed((): [number[], number[]] => {
  const times = allIncidents.value.map(({ capturedAt }) => Date.parse(capturedAt) / 1000);
  if (times.length === 0) return [[], []];
  let [first, last] = [Infinity, -Infinity];
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  const width = Math.max(1, (last - first) / (BINS - 1));
  const counts = new Array<number>(Math.ceil((last - first) / width) + 1).fill(0);
  for (const time of times) {
    const bin = Math.floor((time - first) / width);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return [counts.map((_, bin) => first + bin * width), counts];
});
