import { type Cursor, type Kind, parseCursor } from '@dronecast/events';
import t from 'tap';
import type { LogItem, Wish } from '../src/client-log.js';
import { changeKey, type Fact } from '../src/fact.js';
import type { Sighting } from '../src/sighting.js';
import { type Evidence, verify } from '../src/verifier.js';

const cursor = (text: string): Cursor => parseCursor(text) as Cursor;

function change(
  revision: number,
  kind: Kind = 'updated',
  serialNumber = 'A',
  droneId = `${serialNumber}1`,
): Fact {
  return { key: changeKey(droneId, revision, kind), kind, serialNumber, droneId, revision };
}

const see = (fact: Fact, place: string): LogItem & { sighting: Sighting } => ({
  type: 'event',
  sighting: { fact, place: cursor(place) },
});
const reach = (place: string): LogItem => ({ type: 'place', place: cursor(place) });
const gap = (place: string, at: number): LogItem => ({
  type: 'gap',
  place: cursor(place),
  at,
  reason: 'history lost',
});

const FACTS = [1, 2, 3].map((revision) => change(revision));
const [first, second, third] = FACTS as [Fact, Fact, Fact];
/** All three as they stand in the history. */
const HISTORY = FACTS.map((fact, n) => see(fact, `e.${n + 1}-0`));

/** One client's verdict; a second client has seen all that `HISTORY` has. */
function judge(items: LogItem[], given: Partial<Evidence> & { wish?: Wish } = {}) {
  const { wish = {}, ...evidence } = given;
  const seen = [...items, ...HISTORY].flatMap((item) => (item.type === 'event' ? [item.sighting] : []));
  const [verdict] = verify({
    committed: FACTS.map((fact) => ({ fact })),
    sightings: seen,
    clients: [{ name: 'c', group: 'g', wish, items, reconnects: 0 }],
    losses: [],
    end: cursor('e.3-0'),
    ...evidence,
  });
  if (!verdict) throw new Error('no verdict');
  const { lost, repeated, reordered, faults, toldAgain, inGaps } = verdict;
  return { lost: lost.map(({ fact }) => fact.key), repeated, reordered, faults, toldAgain, inGaps };
}

const FINE = { lost: [], repeated: [], reordered: [], faults: [], toldAgain: 0, inGaps: 0 };
const start = reach('e.0-0');

t.test('a client that got everything', async (t) => {
  t.same(judge([start, ...HISTORY]), FINE);
});

t.test('an event that is missing', async (t) => {
  t.same(judge([start, see(first, 'e.1-0'), see(third, 'e.3-0')]), { ...FINE, lost: [second.key] });
});

t.test('an event that is missing although the relay said that the client has all of it', async (t) => {
  t.same(judge([start, see(first, 'e.1-0'), see(second, 'e.2-0'), reach('e.3-0')]).lost, [third.key]);
});

t.test('a committed event that nobody saw', async (t) => {
  const unseen = change(4);
  const committed = [...FACTS, unseen].map((fact) => ({ fact, at: 1000 }));
  t.same(judge([start, ...HISTORY], { committed }).lost, [unseen.key]);
  const items = [start, ...HISTORY, gap('f.0-0', 9000)];
  const end = cursor('f.0-0');
  t.same(judge(items, { committed, end, losses: [2000] }), { ...FINE, inGaps: 1 }, 'lost with its history');
  const late = [...FACTS, unseen].map((fact) => ({ fact, at: 3000 }));
  t.same(judge(items, { committed: late, end, losses: [2000] }).lost, [unseen.key], 'committed later');
});

t.test('what a client does not follow is not lost', async (t) => {
  t.same(judge([start, reach('e.3-0')], { wish: { kinds: ['incident'] } }), FINE);
  t.same(judge([start, reach('e.3-0')], { wish: { serialNumbers: ['B'] } }), FINE);
});

t.test('an event that comes twice', async (t) => {
  const again = [start, ...HISTORY, see(third, 'e.3-0')];
  t.same(judge(again), { ...FINE, repeated: [third.key] });
  const anew = [start, ...HISTORY, see(second, 'e.4-0')];
  t.same(judge(anew, { end: cursor('e.4-0') }), { ...FINE, repeated: [second.key] }, 'under another id');
});

t.test('events in another order', async (t) => {
  const swapped = [start, see(second, 'e.2-0'), see(first, 'e.1-0'), see(third, 'e.3-0')];
  t.same(judge(swapped), { ...FINE, reordered: [first.key] }, 'than the history has');
  const committedFirst = change(5, 'updated', 'B');
  const committedLast = change(6, 'updated', 'B');
  const late = [see(committedLast, 'e.4-0'), see(committedFirst, 'e.5-0')];
  t.same(
    judge([start, ...HISTORY, ...late], { end: cursor('e.5-0') }).reordered,
    [committedFirst.key],
    'than they were committed in',
  );
  const reborn = [
    see(change(3, 'deleted', 'C', 'old'), 'e.4-0'),
    see(change(1, 'created', 'C', 'new'), 'e.5-0'),
    see(change(2, 'updated', 'C', 'new'), 'e.6-0'),
  ];
  t.same(judge([start, ...HISTORY, ...reborn], { end: cursor('e.6-0') }), FINE, 'a new life starts anew');
  const back = [
    see(change(2, 'updated', 'C', 'old'), 'e.4-0'),
    see(change(1, 'created', 'C', 'new'), 'e.5-0'),
    see(change(3, 'deleted', 'C', 'old'), 'e.6-0'),
  ];
  t.same(judge([start, ...HISTORY, ...back], { end: cursor('e.6-0') }).reordered, ['old 3 deleted']);
});

t.test('gaps', async (t) => {
  const end = cursor('f.9-0');
  const announced = [start, see(first, 'e.1-0'), gap('f.0-0', 2000), see(third, 'f.1-0'), reach('f.9-0')];
  t.same(judge(announced, { end, losses: [1000] }), { ...FINE, inGaps: 1 }, 'announced after a loss');
  t.match(judge(announced, { end }).faults, [/without a loss of data/]);
  t.match(judge([start, ...HISTORY], { losses: [1000] }).faults, [/no gap after the loss/]);
  t.match(judge([start, ...HISTORY, reach('f.9-0')], { end }).faults, [/without a gap/]);
  t.match(judge([start, { type: 'silence' }, ...HISTORY]).faults, [/no gap announced/]);
  const told = [start, ...HISTORY, gap('f.0-0', 2000), see(third, 'f.1-0'), reach('f.9-0')];
  t.same(judge(told, { end, losses: [1000] }), { ...FINE, toldAgain: 1 });
  const twice = [start, ...HISTORY, gap('f.0-0', 2000), gap('f.0-0', 2100), reach('f.9-0')];
  t.match(judge(twice, { end, losses: [1000] }).faults, [/without a loss of data/]);
  t.same(judge(twice, { end, losses: [1000, 1500] }).faults, [], 'who did not read hears of both at last');
});

t.test('a client that is left behind', async (t) => {
  t.match(judge([start, see(first, 'e.1-0')]).faults, ['did not reach the end of the history']);
});
