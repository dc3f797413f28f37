import type uPlot from 'uplot';
import { isoParts, isUtc, zone } from '../state/time.js';

const DAY_S = 86_400;
/** Steps between ticks, in seconds: as uPlot's own, but none below a second. */
const STEPS_S = [
  ...[1, 5, 10, 15, 30],
  ...[60, 300, 600, 900, 1800],
  ...[1, 2, 3, 6, 12].map((hours) => 3600 * hours),
  ...[1, 2, 5, 10, 30, 90, 365].map((days) => DAY_S * days),
];

const styleOf = (name: string) => (): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name);

/** ISO 8601 whatever the browser's language; below the first tick, and below each first of a day, the date. */
function timeLabels(_plot: uPlot, ticks: readonly number[], _axis: number, _space: number, step: number) {
  let shown: string | undefined;
  return ticks.map((tick) => {
    const [date, clock] = isoParts(1000 * tick);
    if (step >= DAY_S) return date;
    const time = step >= 60 ? clock.slice(0, 5) : clock;
    if (date === shown) return time;
    const isFirst = shown === undefined;
    shown = date;
    return `${time}\n${date}${isFirst ? ` ${zone.value}` : ''}`;
  });
}

const shared = {
  stroke: styleOf('--muted'),
  grid: { stroke: styleOf('--line'), width: 1 },
  ticks: { stroke: styleOf('--line') },
};

/** Whole numbers: what is counted, and milliseconds of this machine's clock. */
const WHOLE = [1, 2, 5].flatMap((digit) => Array.from({ length: 10 }, (_, power) => digit * 10 ** power));

export const axes: uPlot.Axis[] = [
  { ...shared, values: timeLabels, space: 90, incrs: STEPS_S },
  { ...shared, size: 56, incrs: WHOLE.sort((a, b) => a - b) },
];

/** From zero, so that a height is an amount, and never without height. */
export const scales: uPlot.Scales = {
  y: { range: (_plot, _least, most) => [0, Math.max(1, 1.1 * (most ?? 0))] },
};

/** In whose days and hours the ticks are. */
export function tzDate(seconds: number): Date {
  const date = new Date(1000 * seconds);
  if (!isUtc.value) return date;
  // The getters of what uPlot is given are local ones.
  return new Date(date.getTime() + 60_000 * date.getTimezoneOffset());
}
