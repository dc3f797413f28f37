import { compareStreamIds, type Route, type StreamId } from '@dronecast/events';
import fc from 'fast-check';
import t from 'tap';
import type { PastEvent } from '../src/history/block.js';
import { createRing } from '../src/history/ring.js';
import { EVERYTHING, type Filter, subscribe } from '../src/hub/filter.js';
import { createMatcher } from '../src/hub/matcher.js';
import { matches } from './matches.js';

const MIB = 1024 * 1024;
const START = { ms: 0, n: 0 };

const routeOf = (number: number): Route =>
  number % 11 === 0
    ? { scope: 'system', kind: 'system' }
    : { scope: 'drone', serialNumber: `S${number % 7}`, kind: number % 3 ? 'updated' : 'stream' };

const eventAt = (ms: number, n: number, bytes: number): PastEvent => ({
  id: { ms, n },
  route: routeOf(ms),
  frame: Buffer.alloc(bytes, ms % 256),
});

type Ring = ReturnType<typeof createRing>;

/** What a reader gets who goes on from a position to the end. */
function readOn(ring: Ring, from: StreamId, filter: Filter, maxBytes: number) {
  const matcher = createMatcher(filter);
  const writes: Buffer[][] = [];
  let position = from;
  for (let block = ring.next(position); block; block = ring.next(position)) {
    const { frames, to } = block.read(position, matcher, maxBytes);
    if (compareStreamIds(to, position) <= 0) throw new Error('the reader stays where it is');
    position = to;
    writes.push(frames.map((frame) => Buffer.from(frame)));
  }
  return { writes, position };
}

t.test('the ring holds what came after its start, as it was, for those who want it', async (t) => {
  const size = fc.oneof(fc.integer({ min: 1, max: 2000 }), fc.integer({ min: 100_000, max: 400_000 }));
  const filter = fc.constantFrom(
    EVERYTHING,
    ...[{ sn: ['S1', 'S3'] }, { sn: ['S9'] }, { sn: ['S2'], events: ['stream'] }, { events: ['system'] }].map(
      (wanted) => subscribe(EVERYTHING, wanted),
    ),
  );
  fc.assert(
    fc.property(
      fc.array(size, { maxLength: 60 }),
      fc.nat(),
      filter,
      fc.integer({ min: 1, max: 50_000 }),
      (sizes, seed, wanted, maxBytes) => {
        const ring = createRing(3 * MIB);
        ring.restart(START);
        const events = sizes.map((bytes, index) => eventAt(1 + (index >> 1), index % 2, bytes));
        for (const event of events) ring.push(event);
        const from = seed % (events.length + 1);
        const position = events[from - 1]?.id ?? START;
        if (!ring.reaches(position)) {
          const kept = events.slice(from).reduce((sum, { frame }) => sum + frame.length, 0);
          return kept > 3 * MIB - 3 * 400_000 - MIB;
        }
        const read = readOn(ring, position, wanted, maxBytes);
        const due = events.slice(from).filter(({ route }) => matches(wanted, route));
        const got = read.writes.flat();
        return (
          got.length === due.length &&
          due.every(({ frame }, at) => got[at]?.equals(frame)) &&
          compareStreamIds(read.position, events.at(-1)?.id ?? START) === 0 &&
          read.writes.every((write) => write.length < 2 || Buffer.concat(write).length <= maxBytes)
        );
      },
    ),
  );
  t.pass();
});

t.test('a restart forgets what was there', async (t) => {
  const ring = createRing(MIB);
  t.notOk(ring.reaches(START), 'not started');
  ring.restart(START);
  ring.push(eventAt(1, 0, 1000));
  t.ok(ring.reaches(START));
  for (let ms = 2; ms < 5000; ms += 1) ring.push(eventAt(ms, 0, 1000));
  t.notOk(ring.reaches(START), 'the ring has moved on');
  ring.restart({ ms: 9999, n: 0 });
  t.ok(ring.reaches({ ms: 9999, n: 0 }));
  t.equal(ring.next({ ms: 9999, n: 0 }), undefined);
  t.notOk(ring.reaches({ ms: 5, n: 0 }));
});
