import { computed, signal } from '@preact/signals';

const KEY = 'dronecast.utc';

/** Whether times are shown in UTC; else in the time zone of this machine. Kept in the browser, and shared by its tabs. */
export const isUtc = signal(localStorage.getItem(KEY) === 'true');
addEventListener('storage', (event) => {
  if (event.key === KEY) isUtc.value = event.newValue === 'true';
});

export function showUtc(isOn: boolean): void {
  isUtc.value = isOn;
  if (isOn) localStorage.setItem(KEY, 'true');
  else localStorage.removeItem(KEY);
}

/** The abbreviations of a zone differ by language: CET is one in British English, PST in American. */
const ZONE_NAMES = ['en-GB', 'en-US'].map(
  (locale) => new Intl.DateTimeFormat(locale, { timeZoneName: 'short' }),
);
/** By offset in minutes: formatting is slow, and many times are shown at once. */
const zones = new Map<number, string>();

/** `CET`, or `UTC+5:30` where English has no abbreviation. */
function localZone(date: Date): string {
  const offset = date.getTimezoneOffset();
  let zone = zones.get(offset);
  if (zone === undefined) {
    const names = ZONE_NAMES.map(
      (format) => format.formatToParts(date).find(({ type }) => type === 'timeZoneName')?.value ?? '',
    );
    zone = names.find((name) => !/[+-]/.test(name)) ?? names[0]?.replace('GMT', 'UTC') ?? '';
    zones.set(offset, zone);
  }
  return zone;
}

/** Name of the zone in which times are shown now. */
export const zone = computed(() => (isUtc.value ? 'UTC' : localZone(new Date())));

/** The local clock of a time as if it were UTC, so that `toISOString` shows it. */
const shifted = (date: Date): Date => new Date(date.getTime() - 60_000 * date.getTimezoneOffset());

/** Date and time as two texts, `2026-11-25` and `14:03:12`, in the zone of the page. */
export function isoParts(time: number | string): readonly [date: string, clock: string] {
  const date = new Date(time);
  const [day = '', clock = ''] = (isUtc.value ? date : shifted(date)).toISOString().split('T');
  return [day, clock.slice(0, 8)];
}

/**
 * `2026-11-25 14:03:12 CET`, the same in every language.
 * @param time Milliseconds since 1970, or ISO 8601. What is no time is shown as it is.
 */
export function formatTime(time: number | string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  return `${isoParts(time).join(' ')} ${isUtc.value ? 'UTC' : localZone(date)}`;
}
