import { Value } from '@sinclair/typebox/value';
import t from 'tap';
import { isSerialNumber, SerialNumber } from '../src/index.js';

const VALID = [
  'A',
  '0',
  'DRN-0042',
  'a.b_c-d',
  'A..--__',
  'ALL',
  'All',
  'all-1',
  'al',
  'alll',
  'xall',
  'x'.repeat(64),
];

const INVALID = [
  '',
  'all',
  'x'.repeat(65),
  ' ',
  ' A',
  'A ',
  'A B',
  'A\n',
  '\nA',
  'A\t',
  'A\u0000',
  'A:B',
  ':',
  '*',
  'A*',
  'A/B',
  '-A',
  '.A',
  '_A',
  '..',
  '__proto__',
  'A,B',
  'A?',
  'A%20',
  'Ä',
  'Aé',
  'А1', // a Cyrillic letter
  '１', // a full-width digit
  'A\u200b',
  'A🚁',
  '{A}',
];

t.test('valid serial numbers', async (t) => {
  for (const value of VALID) {
    t.equal(isSerialNumber(value), true, value);
    t.equal(Value.Check(SerialNumber, value), true, `${value} by the schema`);
  }
});

t.test('invalid serial numbers', async (t) => {
  for (const value of INVALID) {
    t.equal(isSerialNumber(value), false, JSON.stringify(value));
    t.equal(Value.Check(SerialNumber, value), false, `${JSON.stringify(value)} by the schema`);
  }
  for (const value of [42, null, undefined, {}, ['A']]) t.equal(Value.Check(SerialNumber, value), false);
});
