import { FormatRegistry } from '@sinclair/typebox';
import t from 'tap';
import { registerFormats, toUtc } from '../src/index.js';

registerFormats();
const isDateTime = FormatRegistry.Get('date-time') ?? (() => false);

/** Texts, and the instants that they name. */
const VALID: Record<string, string> = {
  '2026-03-01T10:00:00Z': '2026-03-01T10:00:00.000Z',
  '2026-03-01t10:00:00z': '2026-03-01T10:00:00.000Z',
  '2026-03-01T10:00:00.5+02:00': '2026-03-01T08:00:00.500Z',
  '2026-03-01T10:00:00.1239999-05:30': '2026-03-01T15:30:00.123Z',
  '2026-03-01T10:00:00-00:00': '2026-03-01T10:00:00.000Z',
  '2026-03-01T23:59:59+23:59': '2026-03-01T00:00:59.000Z',
  '2024-02-29T00:00:00Z': '2024-02-29T00:00:00.000Z',
  '2000-02-29T23:59:59.999Z': '2000-02-29T23:59:59.999Z',
  '0001-01-01T00:00:00Z': '0001-01-01T00:00:00.000Z',
  '0099-12-31T23:59:59Z': '0099-12-31T23:59:59.000Z',
  '0000-12-31T23:59:00-00:01': '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z': '9999-12-31T23:59:59.999Z',
  // Leap seconds (RFC 3339, appendix D), which a day of 86,400 seconds has no room for.
  '1990-12-31T23:59:60Z': '1990-12-31T23:59:59.999Z',
  '1990-12-31T23:59:60.75Z': '1990-12-31T23:59:59.999Z',
  '1990-12-31T15:59:60-08:00': '1990-12-31T23:59:59.999Z',
  '1991-01-01T05:29:60+05:30': '1990-12-31T23:59:59.999Z',
};

const INVALID = [
  '',
  'yesterday',
  '2026-03-01',
  '2026-03-01T10:00:00',
  '2026-03-01 10:00:00Z',
  '2026-03-01T10:00Z',
  '2026-03-01T10:00:00.Z',
  '2026-03-01T10:00:00,5Z',
  '2026-03-01T10:00:00Z ',
  '2026-03-01T10:00:00Z\n',
  '2026-03-01T24:00:00Z',
  '2026-03-01T10:60:00Z',
  '2026-03-01T10:00:61Z',
  '2026-00-01T10:00:00Z',
  '2026-13-01T10:00:00Z',
  '2026-03-00T10:00:00Z',
  '2026-04-31T10:00:00Z',
  '2026-02-29T10:00:00Z',
  '1900-02-29T10:00:00Z',
  '2026-03-01T10:00:00+24:00',
  '2026-03-01T10:00:00+10:60',
  '2026-03-01T10:00:00+1000',
  '2026-03-01T10:00:00−01:00',
  '٢٠٢٦-03-01T10:00:00Z',
  '0000-01-01T00:00:00Z',
  '0000-12-31T23:59:59Z',
  '0001-01-01T00:00:00+00:01',
  '9999-12-31T23:59:59-23:59',
  '9999-12-31T23:59:60-00:01',
  '+010000-01-01T00:00:00.000Z',
  '-000001-01-01T00:00:00.000Z',
  // Not at the end of a day of UTC.
  '1990-12-31T23:58:60Z',
  '1990-12-31T12:00:60Z',
  '1990-12-31T23:59:60+01:00',
];

t.test('a date and time is an instant in UTC, in whole milliseconds', async (t) => {
  for (const [text, utc] of Object.entries(VALID)) {
    t.equal(isDateTime(text), true, text);
    t.equal(toUtc(text), utc, text);
    t.equal(toUtc(utc), utc, 'which stays as it is');
  }
});

t.test('what is no date and time, or none that a database keeps, is refused', async (t) => {
  for (const text of INVALID) {
    t.equal(isDateTime(text), false, JSON.stringify(text));
    t.throws(() => toUtc(text), RangeError);
  }
});

t.test('a long text is judged in no time', async (t) => {
  const digits = '9'.repeat(1_000_000);
  t.equal(toUtc(`2026-03-01T10:00:00.${digits}Z`), '2026-03-01T10:00:00.999Z');
  t.equal(isDateTime(`2026-03-01T10:00:00.${digits}`), false);
});
