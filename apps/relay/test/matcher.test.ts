import { KINDS, type Route } from '@dronecast/events';
import fc from 'fast-check';
import t from 'tap';
import { createSubjects } from '../src/history/subjects.js';
import { EVERYTHING, kindBit, subscribe } from '../src/hub/filter.js';
import { createMatcher } from '../src/hub/matcher.js';
import { matches } from './matches.js';

const text = fc.string({ unit: fc.constantFrom('A', 'B', '0', '-'), maxLength: 5 });
const serialNumber = text.map((rest) => `A${rest}`);
const name = fc.oneof(
  serialNumber,
  serialNumber.map((start) => `${start}*`),
);
const filter = fc
  .record({
    sn: fc.array(fc.oneof({ weight: 30, arbitrary: name }, { weight: 1, arbitrary: fc.constant('*') }), {
      maxLength: 12,
    }),
    events: fc.array(fc.constantFrom(...KINDS), { maxLength: 3 }),
    wholeFleet: fc.boolean(),
  })
  .map(({ sn, events, wholeFleet }) => ({ ...subscribe(EVERYTHING, { sn, events }), wholeFleet }));
const route: fc.Arbitrary<Route> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      scope: fc.constant('drone' as const),
      serialNumber,
      kind: fc.constantFrom('updated', 'stream', 'battery'),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Route>({ scope: 'system', kind: 'system' }) },
  { weight: 1, arbitrary: fc.constant<Route>({ scope: 'fleet', kind: 'created' }) },
);

t.test('whom a filter selects among the subjects of events is whom its definition says', async (t) => {
  fc.assert(
    fc.property(
      filter,
      fc.array(route, { maxLength: 40 }),
      fc.array(route, { maxLength: 5 }),
      (wanted, before, later) => {
        const matcher = createMatcher(wanted);
        const subjects = createSubjects();
        const isRight = (routes: readonly Route[]): boolean => {
          const numbers = routes.map((one) => subjects.numberOf(one));
          const selected = matcher.select(subjects);
          return routes.every((one, at) => {
            const isSelected = selected?.[numbers[at] ?? -1] === 1;
            return Boolean(isSelected && wanted.kinds & kindBit(one.kind)) === matches(wanted, one);
          });
        };
        return isRight(before) && isRight([...before, ...later]);
      },
    ),
    { numRuns: 2000 },
  );
  t.pass();
});

t.test('nobody is selected where none is named', async (t) => {
  const subjects = createSubjects();
  for (let number = 0; number < 1000; number += 1)
    subjects.numberOf({ scope: 'drone', serialNumber: `S${number}`, kind: 'updated' });
  const select = (...sn: string[]) => createMatcher(subscribe(EVERYTHING, { sn })).select(subjects);
  t.equal(select('S1000', 's1', 'S1-*', 'R*', 'T*'), undefined);
  t.equal(
    select('S99*')?.reduce((sum, one) => sum + one, 0),
    11,
  );
});
