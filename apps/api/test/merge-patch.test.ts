import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { mergePatch } from '../src/drone/merge-patch.js';

/** RFC 7396 appendix A: original, patch, result. */
const RFC_EXAMPLES: readonly [unknown, unknown, unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];

/** The example of section 3. */
const TITLE = {
  title: 'Goodbye!',
  author: { givenName: 'John', familyName: 'Doe' },
  tags: ['example', 'sample'],
  content: 'This will be unchanged',
};

t.test('examples of RFC 7396', async (t) => {
  for (const [target, patch, result] of RFC_EXAMPLES) {
    t.strictSame(mergePatch(target, patch), result, `${JSON.stringify(target)} + ${JSON.stringify(patch)}`);
  }
  const patch = {
    title: 'Hello!',
    phoneNumber: '+01-123-456-7890',
    author: { familyName: null },
    tags: ['a'],
  };
  t.strictSame(mergePatch(TITLE, patch), {
    title: 'Hello!',
    author: { givenName: 'John' },
    tags: ['a'],
    content: 'This will be unchanged',
    phoneNumber: '+01-123-456-7890',
  });
});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (object: Record<string, unknown>, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** The definition, member by member. */
function naive(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const before = isObject(target) ? target : {};
  const names = [...new Set([...Object.keys(before), ...Object.keys(patch)])];
  return Object.fromEntries(
    names
      .filter((name) => own(patch, name) !== null)
      .map((name) => [
        name,
        Object.hasOwn(patch, name) ? naive(own(before, name), patch[name]) : before[name],
      ]),
  );
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** JSON whose members often have the same names, some of them dangerous. */
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, 0, '', 'text'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor', 'toString'), tie('value')),
  ),
})).value;

t.test('does what the definition says, and leaves its arguments alone', async () => {
  fc.assert(
    fc.property(json.map(deepFreeze), json.map(deepFreeze), (target, patch) =>
      isDeepStrictEqual(mergePatch(target, patch), naive(target, patch)),
    ),
    { numRuns: 1000 },
  );
});

t.test('patching twice changes no more than patching once', async () => {
  fc.assert(
    fc.property(json, json, (target, patch) => {
      const once = mergePatch(target, patch);
      return isDeepStrictEqual(mergePatch(once, patch), once);
    }),
  );
});

t.test('a member named __proto__ is a member', async (t) => {
  const patched = mergePatch({}, JSON.parse('{"__proto__":{"isAdmin":true}}')) as { isAdmin?: boolean };
  t.equal(patched.isAdmin, undefined);
  t.ok(Object.hasOwn(patched, '__proto__'));
  t.notOk('isAdmin' in {});
});
