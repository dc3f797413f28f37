import { isDateTime, toUtc } from '@dronecast/runtime';
import { Decimal128, Long, Timestamp } from 'mongodb';

/** The first and the last instant that RFC 3339 can write, in ms since 1970. */
export const FIRST_TIME = new Date('0001-01-01T00:00:00.000Z');
export const LAST_TIME = new Date('9999-12-31T23:59:59.999Z');

/** When a document was made that does not say it anywhere. */
export const NO_TIME = new Date(0);

/** A smaller number is no time: it would be a day of 1970 to 1973, and is more likely a count or a date without dashes. */
const FIRST_EPOCH = 1e8;
/** Numbers below are seconds, the others milliseconds. */
const FIRST_EPOCH_MS = 1e11;

const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?: ?(?:Z|UTC|GMT|([+-]\d{2}):?(\d{2})?))?$/i;
/** As JavaScript, HTTP and mail write it: `Mon May 06 2024 07:08:09 GMT+0200 (CEST)`, `Mon, 06 May 2024 07:08:09 GMT`. */
const WORDS =
  /^(?:[a-z]{3,9},? )?(?:(\d{1,2}) ([a-z]{3})|([a-z]{3}) (\d{1,2}),?) (\d{4}) (\d{2}:\d{2}:\d{2})(?: ?(?:Z|UTC|GMT))?(?: ?([+-]\d{2}):?(\d{2}))?(?: \([^()]*\))?$/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DIGITS = /^\d{9,13}$/;

const pad = (number: number | string): string => String(number).padStart(2, '0');

/** Undefined when the date is outside the years 0001 to 9999. */
export const toInstant = (date: Date): Date | undefined =>
  date >= FIRST_TIME && date <= LAST_TIME ? date : undefined;

function fromEpoch(time: number): Date | undefined {
  if (!(time >= FIRST_EPOCH)) return undefined;
  return toInstant(new Date(time < FIRST_EPOCH_MS ? time * 1000 : time));
}

function fromParts(day: string, time: string, hours: string | undefined, minutes = '00'): Date | undefined {
  const text = `${day}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`;
  return isDateTime(text) ? new Date(toUtc(text)) : undefined;
}

/** A text without a zone is UTC, because whoever reads it must not depend on the zone of the server. */
function fromText(text: string): Date | undefined {
  if (DIGITS.test(text)) return fromEpoch(Number(text));
  const iso = ISO.exec(text);
  if (iso) {
    const [, day = '', minute = '00:00', second = '00', fraction = '0', hours, minutes] = iso;
    return fromParts(day, `${minute}:${second}.${fraction}`, hours, minutes);
  }
  const [, dayA, monthA, monthB, dayB, year, time = '', hours, minutes] = WORDS.exec(text) ?? [];
  const month = MONTHS.indexOf((monthA ?? monthB ?? '').toLowerCase()) + 1;
  if (month === 0) return undefined;
  return fromParts(`${year}-${pad(month)}-${pad(dayA ?? dayB ?? '')}`, time, hours, minutes);
}

/**
 * The instant that an older service meant, in the years 0001 to 9999: a BSON date or timestamp, seconds or milliseconds
 * since 1970 as a number, or text.
 */
export function toTime(value: unknown): Date | undefined {
  if (value instanceof Date) return toInstant(value);
  if (value instanceof Timestamp) return fromEpoch(value.getHighBitsUnsigned());
  if (value instanceof Long || value instanceof Decimal128) return fromEpoch(Number(value.toString()));
  if (typeof value === 'number') return fromEpoch(value);
  return typeof value === 'string' ? fromText(value.trim()) : undefined;
}
