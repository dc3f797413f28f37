import { KINDS } from '@dronecast/events';
import fc from 'fast-check';
import t from 'tap';
import {
  describeFilter,
  EVERYTHING,
  kindBit,
  subscribe,
  toIndexKeys,
  unsubscribe,
} from '../src/hub/filter.js';
import { matches } from './matches.js';

t.test('naming nothing follows everything', async (t) => {
  t.same(describeFilter(EVERYTHING), { sn: ['*'], events: [...KINDS] });
  t.same(subscribe(subscribe(EVERYTHING, { sn: ['A'] }), {}), EVERYTHING);
});

t.test('the first names narrow, further ones add', async (t) => {
  const one = subscribe(EVERYTHING, { sn: ['A'] });
  t.same(describeFilter(one), { sn: ['A'], events: [...KINDS] });
  const two = subscribe(one, { sn: ['B', 'C*'], events: ['stream'] });
  t.same(describeFilter(two), { sn: ['A', 'B', 'C*'], events: ['stream'] });
  t.same(describeFilter(subscribe(two, { events: ['ai'] })), {
    sn: ['A', 'B', 'C*'],
    events: ['stream', 'ai'],
  });
});

t.test('unsubscribing takes out what is named, or every drone', async (t) => {
  const filter = subscribe(EVERYTHING, { sn: ['A', 'B'] });
  t.same(describeFilter(unsubscribe(filter, { sn: ['A'], events: ['ai'] })), {
    sn: ['B'],
    events: KINDS.filter((kind) => kind !== 'ai'),
  });
  t.same(describeFilter(unsubscribe(filter, {})).sn, []);
});

t.test('kinds of other publishers come only with all kinds', async (t) => {
  t.ok(EVERYTHING.kinds & kindBit('battery'));
  t.notOk(subscribe(EVERYTHING, { events: [...KINDS] }).kinds & kindBit('battery'));
});

t.test('what a prefix covers is not looked up twice', async (t) => {
  const filter = subscribe(EVERYTHING, { sn: ['A1', 'A*', 'AB*', 'B', 'AB*'] });
  t.same(toIndexKeys(filter), { serialNumbers: ['B'], prefixes: ['A'] });
  t.same(toIndexKeys(EVERYTHING), { serialNumbers: [], prefixes: [''] });
});

t.test(
  'property: what a filter is indexed by matches what the filter matches, and nothing twice',
  async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 4 });
    const name = fc.tuple(text, fc.boolean()).map(([start, isPrefix]) => (isPrefix ? `${start}*` : start));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 12 }), text, (names, serialNumber) => {
        const filter = { ...EVERYTHING, names: new Set(names) };
        const { serialNumbers, prefixes } = toIndexKeys(filter);
        const found =
          serialNumbers.filter((one) => one === serialNumber).length +
          prefixes.filter((prefix) => serialNumber.startsWith(prefix)).length;
        const isNamed = names.some((one) =>
          one.endsWith('*') ? serialNumber.startsWith(one.slice(0, -1)) : one === serialNumber,
        );
        const isMatch = matches(filter, { scope: 'drone', serialNumber, kind: 'updated' });
        return found === Number(isNamed) && isMatch === isNamed;
      }),
      { numRuns: 2000 },
    );
  },
);

t.test('a filter of as many names as a token holds is indexed at once', async (t) => {
  const names = new Set(Array.from({ length: 30_000 }, (_, index) => `${index.toString(36)}-*`));
  const startedAt = performance.now();
  t.equal(toIndexKeys({ ...EVERYTHING, names }).prefixes.length, 30_000);
  const tookMs = performance.now() - startedAt;
  t.ok(tookMs < 2000, `${tookMs.toFixed(0)} ms, where each prefix against each other one takes seconds`);
});

t.test('what is no name or kind is refused', async (t) => {
  for (const sn of ['all', 'a:', 'a**', '*a', 'a  b', 'x'.repeat(65), '']) {
    t.throws(() => subscribe(EVERYTHING, { sn: [sn] }), { name: 'InvalidFilter', field: 'sn' }, sn);
  }
  t.throws(() => subscribe(EVERYTHING, { events: ['battery'] }), { name: 'InvalidFilter', field: 'events' });
  const hundred = Array.from({ length: 100 }, (_, index) => `S${index}`);
  const full = subscribe(EVERYTHING, { sn: hundred });
  t.throws(() => subscribe(full, { sn: ['one-more'] }), { name: 'InvalidFilter', field: 'sn' });
});
