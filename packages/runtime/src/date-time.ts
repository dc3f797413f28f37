const DATE_TIME =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3})\d*)?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

const [FIRST_YEAR, LAST_YEAR] = [1, 9999];
const MINUTE_MS = 60_000;

/** The start of a minute; undefined when there is no such date or hour. Years before 100 are no years of 1900. */
function toMinute(year: number, month: number, day: number, hour: number, minute: number): Date | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  if (!isDay || hour > 23 || minute > 59) return undefined;
  date.setUTCHours(hour, minute);
  return date;
}

/**
 * An RFC 3339 date and time, as an instant in whole milliseconds. Undefined when `text` is none, or is outside the years that
 * RFC 3339 and all databases can write, which are 0001 to 9999 in UTC.
 */
function parse(text: string): Date | undefined {
  const match = DATE_TIME.exec(text);
  if (!match) return undefined;
  const number = (group: number): number => Number(match[group] ?? 0);
  const start = toMinute(number(1), number(2), number(3), number(4), number(5));
  const [second, offsetHour, offsetMinute] = [number(6), number(9), number(10)];
  if (!start || offsetHour > 23 || offsetMinute > 59) return undefined;

  const offsetMs = (offsetHour * 60 + offsetMinute) * MINUTE_MS;
  const date = new Date(start.getTime() + (match[8] === '-' ? offsetMs : -offsetMs));
  const utcYear = date.getUTCFullYear();
  if (utcYear < FIRST_YEAR || utcYear > LAST_YEAR) return undefined;

  const isEndOfDay = date.getUTCHours() === 23 && date.getUTCMinutes() === 59;
  if (second > (isEndOfDay ? 60 : 59)) return undefined;
  const ms = second === 60 ? MINUTE_MS - 1 : second * 1000 + Number((match[7] ?? '').padEnd(3, '0'));
  return new Date(date.getTime() + ms);
}

export const isDateTime = (text: string): boolean => parse(text) !== undefined;

/**
 * A date and time as it is stored and compared: in UTC, to the millisecond. A leap second (23:59:60 in UTC) is taken as the
 * last millisecond before it, because days have 86,400 seconds in JavaScript and in databases. Throws a RangeError unless
 * {@link isDateTime}.
 */
export function toUtc(text: string): string {
  const date = parse(text);
  if (!date) throw new RangeError('not a date and time of the years 0001 to 9999');
  return date.toISOString();
}
