import type { DronecastEvent, EventOf } from '@dronecast/client';
import { computed, signal } from '@preact/signals';
import { now } from './clock.js';
import { api, ask, toRequestError } from './requests.js';
import { mayUse } from './session.js';

export type Broadcast = EventOf<'system.broadcast'>;
export type Level = Broadcast['data']['level'];

/** The most urgent first. */
export const LEVELS: readonly Level[] = ['critical', 'error', 'warning', 'info'];
const HOUR_MS = 3_600_000;
/** Hours for which a broadcast that nobody dismisses is shown. */
const SHOWN_HOURS: Readonly<Record<Level, number>> = { critical: 168, error: 168, warning: 24, info: 24 };
/** More than the API keeps, for those that come while the page is open. */
const MAX_KEPT = 300;
const RETRY_MS = 5000;

const KEY = 'dronecast.dismissed';
/** Ids that are remembered: several times as many as the API can bring back. */
const MAX_DISMISSED = 500;

/** Most urgent first, then newest first. The least important are dropped when there are too many. */
const kept = signal<readonly Broadcast[]>([]);

function parseIds(text: string | null): ReadonlySet<string> {
  try {
    const ids: unknown = JSON.parse(text ?? '[]');
    return new Set(Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []);
  } catch {
    return new Set();
  }
}

/** Of this browser, so that what was dismissed stays away after a reload and in its other tabs. */
const dismissed = signal(parseIds(localStorage.getItem(KEY)));
addEventListener('storage', ({ key, newValue }) => {
  if (key === KEY) dismissed.value = parseIds(newValue);
});

/** Changes once an hour, so that the list does not do so each second. */
const hour = computed(() => Math.floor(now.value / HOUR_MS));

/** What is to be shown: most urgent first, then newest first. */
export const broadcasts = computed((): readonly Broadcast[] =>
  kept.value.filter(
    ({ id, timestamp, data }) =>
      !dismissed.value.has(id) && Date.parse(timestamp) / HOUR_MS > hour.value - SHOWN_HOURS[data.level],
  ),
);

const rankOf = ({ data }: Broadcast): number => LEVELS.indexOf(data.level);
const byUrgency = (a: Broadcast, b: Broadcast): number =>
  rankOf(a) - rankOf(b) || Date.parse(b.timestamp) - Date.parse(a.timestamp);

function add(more: readonly Broadcast[]): void {
  const all = new Map([...more, ...kept.value].map((one) => [one.id, one]));
  kept.value = [...all.values()].sort(byUrgency).slice(0, MAX_KEPT);
}

export function hearBroadcast(event: DronecastEvent): void {
  if (event.event === 'system.broadcast') add([event]);
}

let isReading = false;

/** Reads what was announced before. Tries until the API answers. */
export async function readBroadcasts(): Promise<void> {
  if (isReading || !mayUse('events:read')) return;
  isReading = true;
  for (;;) {
    try {
      const { data } = await ask(
        api.GET('/api/v1/system/broadcasts', { signal: AbortSignal.timeout(RETRY_MS) }),
      );
      add(data.broadcasts);
      break;
    } catch (cause) {
      // An API of before answers 404, and a token may be refused: asking again would change nothing.
      const { status } = toRequestError(cause);
      if (status >= 400 && status < 500 && status !== 429) break;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
  isReading = false;
}

export function dismiss(id: string): void {
  // What another tab has dismissed a moment ago may not have been heard of yet.
  const ids = [...parseIds(localStorage.getItem(KEY)), id].slice(-MAX_DISMISSED);
  dismissed.value = new Set(ids);
  localStorage.setItem(KEY, JSON.stringify(ids));
}
