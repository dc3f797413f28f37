import t from 'tap';
import { compareStreamIds, formatCursor, parseCursor } from '../src/index.js';

t.test('a cursor survives the round trip', async (t) => {
  const cursor = { epoch: 'abc123', id: { ms: 1732379999000, n: 7 } };
  t.same(parseCursor(formatCursor(cursor)), cursor);
});

t.test('what is no cursor is refused', async (t) => {
  for (const text of [
    '',
    'x',
    'abc.1',
    'abc.1-',
    'abc.-1-2',
    'ABC.1-2',
    'abc.1-2x',
    'abc.1e3-2',
    `${'a'.repeat(17)}.1-2`,
  ]) {
    t.equal(parseCursor(text), undefined, text);
  }
});

t.test('places order by time, then by number', async (t) => {
  t.ok(compareStreamIds({ ms: 1, n: 9 }, { ms: 2, n: 0 }) < 0);
  t.ok(compareStreamIds({ ms: 2, n: 10 }, { ms: 2, n: 9 }) > 0);
  t.equal(compareStreamIds({ ms: 2, n: 1 }, { ms: 2, n: 1 }), 0);
});
