import { KINDS } from '@dronecast/events';
import t from 'tap';
import {
  describeFilter,
  EVERYTHING,
  kindBit,
  subscribe,
  toIndexKeys,
  unsubscribe,
} from '../src/hub/filter.js';

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

t.test('what is no name or kind is refused', async (t) => {
  for (const sn of ['all', 'a:b', 'a**', '*a', 'a b', 'x'.repeat(65), '']) {
    t.throws(() => subscribe(EVERYTHING, { sn: [sn] }), { name: 'InvalidFilter', field: 'sn' }, sn);
  }
  t.throws(() => subscribe(EVERYTHING, { events: ['battery'] }), { name: 'InvalidFilter', field: 'events' });
  const hundred = Array.from({ length: 100 }, (_, index) => `S${index}`);
  const full = subscribe(EVERYTHING, { sn: hundred });
  t.throws(() => subscribe(full, { sn: ['one-more'] }), { name: 'InvalidFilter', field: 'sn' });
});
