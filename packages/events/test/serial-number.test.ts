import { Value } from '@sinclair/typebox/value';
import t from 'tap';
import { DroneName, isDroneName, isSerialNumber, NewSerialNumber, SerialNumber } from '../src/index.js';

const VALID = [
  'A',
  '0',
  'DRN-0042',
  'a.b_c-d',
  'ALL',
  'All',
  'all-1',
  'all:1',
  'all 1',
  'al',
  'alll',
  'xall',
  'x'.repeat(64),
  'AC:CC:8E:0F:12:34',
  'DS-7616NI-E2/16P0123',
  'urn:dev:mac:0024befffe804ff1',
  'user@host/ch1',
  'A+B',
  'cam#1',
  'A B',
  'Axis P3245-LVE 2',
  'A -_ /b',
  'a//b',
  'a/../b',
  'a:::b',
  `a${' b'.repeat(31)}`,
  `a${':'.repeat(62)}b`,
];

/** What earlier versions registered, and this one does not. */
const FORMER = ['A-', 'A.', 'A_', 'A..--__', `x${'-'.repeat(63)}`];

const INVALID = [
  '',
  'all',
  'x'.repeat(65),
  `a${' b'.repeat(32)}`,
  ' ',
  ' A',
  'A ',
  'A  B',
  'A   B',
  'A\n',
  '\nA',
  'A\tB',
  'A\u00a0B',
  'A\u0000',
  ':A',
  'A:',
  'A/',
  'A+',
  'A@',
  'A#',
  'A:-',
  'A B-',
  ':',
  '*',
  'A*',
  'A*B',
  '/A',
  '#A',
  '-A',
  '.A',
  '_A',
  '..',
  '__proto__',
  'A,B',
  'A;B',
  'A?',
  'A?B',
  'A%20B',
  'A\\B',
  'A=B',
  'A&B',
  'A(B)C',
  'A"B',
  'Ä',
  'Aé',
  'А1', // a Cyrillic letter
  '１', // a full-width digit
  'A\u200bB',
  'A🚁B',
  '{A}',
];

t.test('valid serial numbers', async (t) => {
  for (const value of VALID) {
    t.equal(isSerialNumber(value), true, value);
    t.equal(Value.Check(SerialNumber, value), true, `${value} by the schema`);
    t.equal(Value.Check(NewSerialNumber, value), true, `${value} can be registered`);
    t.equal(isDroneName(value), true, `${value} as a name`);
  }
});

t.test('what earlier versions registered stays valid', async (t) => {
  for (const value of FORMER) {
    t.equal(isSerialNumber(value), true, value);
    t.equal(isDroneName(value), true, `${value} as a name`);
    t.equal(Value.Check(NewSerialNumber, value), false, `${value} can't be registered`);
  }
});

t.test('invalid serial numbers', async (t) => {
  for (const value of INVALID) {
    t.equal(isSerialNumber(value), false, JSON.stringify(value));
    t.equal(Value.Check(SerialNumber, value), false, `${JSON.stringify(value)} by the schema`);
    t.equal(Value.Check(NewSerialNumber, value), false, `${JSON.stringify(value)} can't be registered`);
  }
  for (const value of [42, null, undefined, {}, ['A']]) t.equal(Value.Check(SerialNumber, value), false);
});

t.test('prefixes', async (t) => {
  for (const value of [
    '*',
    'A*',
    'all*',
    'AC:*',
    'AC:CC*',
    'A *',
    'A-*',
    'urn:dev:*',
    'a/b/*',
    `${'x'.repeat(63)}*`,
  ]) {
    t.equal(isDroneName(value), true, value);
    t.equal(Value.Check(DroneName, value), true, `${value} by the schema`);
  }
  for (const value of [
    '',
    '**',
    'A**',
    ' *',
    ':*',
    ' A*',
    'A  *',
    'A*B',
    'Ä*',
    'A,*',
    'A* ',
    `${'x'.repeat(64)}*`,
  ]) {
    t.equal(isDroneName(value), false, value);
    t.equal(Value.Check(DroneName, value), false, `${value} by the schema`);
  }
});
