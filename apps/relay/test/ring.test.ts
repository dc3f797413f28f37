import fc from 'fast-check';
import t from 'tap';
import { createRing, type PastEvent } from '../src/history/ring.js';

const eventAt = (ms: number, n: number, bytes: number): PastEvent => ({
  id: { ms, n },
  route: { scope: 'drone', serialNumber: `S${ms}`, kind: 'updated' },
  frame: Buffer.alloc(bytes, ms % 256),
});

t.test('the ring holds what came after its start, as it was', async (t) => {
  const size = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 100_000, max: 400_000 }));
  fc.assert(
    fc.property(
      fc.array(size, { maxLength: 60 }),
      fc.nat(),
      fc.integer({ min: 1, max: 10 }),
      (sizes, seed, limit) => {
        const ring = createRing(1024 * 1024);
        ring.restart({ ms: 0, n: 0 });
        const events = sizes.map((bytes, index) => eventAt(1 + (index >> 1), index % 2, bytes));
        for (const event of events) ring.push(event);
        const from = seed % (events.length + 1);
        const place = events[from - 1]?.id ?? { ms: 0, n: 0 };
        const found = ring.after(place, limit);
        if (!found) {
          const kept = events.slice(from).reduce((sum, { frame }) => sum + frame.length, 0);
          return kept > 1024 * 1024 - 2 * 400_000 - 256 * 1024;
        }
        const expected = events.slice(from, from + limit);
        return (
          found.length === expected.length &&
          found.every((event, at) => {
            const due = expected[at] as PastEvent;
            return (
              event.id.ms === due.id.ms &&
              event.id.n === due.id.n &&
              event.route === due.route &&
              event.frame.equals(due.frame)
            );
          })
        );
      },
    ),
  );
  t.pass();
});

t.test('a frame that was handed out stays as it is', async (t) => {
  const ring = createRing(1024 * 1024);
  ring.restart({ ms: 0, n: 0 });
  ring.push(eventAt(1, 0, 1000));
  const [first] = ring.after({ ms: 0, n: 0 }, 1) ?? [];
  for (let ms = 2; ms < 5000; ms += 1) ring.push(eventAt(ms, 0, 1000));
  t.equal(ring.after({ ms: 0, n: 0 }, 1), undefined, 'the ring has moved on');
  t.ok(first?.frame.equals(Buffer.alloc(1000, 1)));
  ring.restart({ ms: 9999, n: 0 });
  t.same(ring.after({ ms: 9999, n: 0 }, 1), []);
  t.equal(ring.after({ ms: 5, n: 0 }, 1), undefined);
});
