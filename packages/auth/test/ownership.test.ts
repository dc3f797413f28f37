import fc from 'fast-check';
import t from 'tap';
import { narrow, owns } from '../src/index.js';

const set = (...names: string[]) => new Set(names);

t.test('a pattern meets a pattern', async (t) => {
  const cases: [asked: string[], owned: string[], allowed: string[], forbidden: string[]][] = [
    [['abc*'], ['ab*'], ['abc*'], []],
    [['a*'], ['abc*'], ['abc*'], []],
    [['*'], ['abc*', 'X1'], ['abc*', 'X1'], []],
    [['*'], ['*'], ['*'], []],
    [['*'], [], [], ['*']],
    [['X1', 'X2'], ['X1'], ['X1'], ['X2']],
    [['X1'], ['X1*'], ['X1'], []],
    [['X1*'], ['X1'], ['X1'], []],
    [['X*'], ['X1', 'Y1', 'X2*'], ['X1', 'X2*'], []],
    [['X1*'], ['X2*', 'X'], [], ['X1*']],
    [[], ['*'], [], []],
  ];
  for (const [asked, owned, allowed, forbidden] of cases) {
    const narrowed = narrow(set(...asked), set(...owned));
    t.same([...narrowed.allowed], allowed, `${asked} of ${owned}`);
    t.same(narrowed.forbidden, forbidden, `${asked} of ${owned}`);
  }
});

const grow = (text: string): string[] =>
  text.length === 4 ? [text] : [text, ...grow(`${text}a`), ...grow(`${text}b`)];

/** All serial numbers of up to four letters out of two, against which every answer is checked. */
const SERIALS = [...grow('a'), ...grow('b')];

const Names = fc
  .array(fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }), fc.boolean()), {
    maxLength: 5,
  })
  .map((names) => set(...names.map(([text, isPrefix]) => (isPrefix || text === '' ? `${text}*` : text))));

/** The rule in its plainest words. */
const isNamed = (names: Iterable<string>, serialNumber: string): boolean =>
  [...names].some((name) =>
    name.endsWith('*') ? serialNumber.startsWith(name.slice(0, -1)) : serialNumber === name,
  );

t.test('property: owned is what a name of the caller matches', async () => {
  fc.assert(
    fc.property(Names, (drones) =>
      SERIALS.every((serial) => owns({ drones }, serial) === isNamed(drones, serial)),
    ),
  );
});

t.test('property: allowed is what is both asked for and owned, no more and no less', async () => {
  fc.assert(
    fc.property(Names, Names, (asked, owned) => {
      const { allowed } = narrow(asked, owned);
      return SERIALS.every(
        (serial) => isNamed(allowed, serial) === (isNamed(asked, serial) && isNamed(owned, serial)),
      );
    }),
  );
});

t.test('property: forbidden are the names of which nothing is owned', async () => {
  fc.assert(
    fc.property(Names, Names, (asked, owned) => {
      const { forbidden } = narrow(asked, owned);
      return [...asked].every(
        (name) =>
          forbidden.includes(name) !==
          SERIALS.some((serial) => isNamed([name], serial) && isNamed(owned, serial)),
      );
    }),
  );
});

/** A set that counts how often it is looked into, and how many names it hands out. */
class CountingSet extends Set<string> {
  steps = 0;

  override has(name: string): boolean {
    this.steps += 1;
    return super.has(name);
  }

  override *[Symbol.iterator](): SetIterator<string> {
    for (const name of super.values()) {
      this.steps += 1;
      yield name;
    }
  }
}

t.test('the work grows with the sum of what is asked for and what is owned', async (t) => {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index);
  const owned = () => new CountingSet(range(4000).map((index) => `own${index}${index % 2 ? '*' : ''}`));
  for (const [asked, title] of [
    [range(100).map((index) => `${'x'.repeat(index % 60)}${index}*`), 'foreign prefixes'],
    [range(100).map((index) => `own${index}*`), 'prefixes that are owned in part'],
    [range(100).map((index) => `x${index}`), 'foreign serial numbers'],
  ] as const) {
    const own = owned();
    narrow(set(...asked), own);
    t.ok(own.steps <= 4000 + 100 * 66, `${title}: ${own.steps} steps`);
  }
  const own = owned();
  t.notOk(owns({ drones: own }, 'foreign-serial-number'));
  t.ok(own.steps <= 66, `${own.steps} steps for one serial number`);
});
