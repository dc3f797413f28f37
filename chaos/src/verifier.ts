import { type Cursor, compareStreamIds, type StreamId } from '@dronecast/events';
import type { ClientLog, LogItem, Wish } from './client-log.js';
import type { Fact } from './fact.js';
import type { Sighting } from './sighting.js';

export interface Committed {
  readonly fact: Fact;
  /** Milliseconds since 1970; undefined when nobody wrote it down. */
  readonly at?: number | undefined;
}

export interface Evidence {
  /** Everything that the database says was committed. */
  readonly committed: readonly Committed[];
  /** Everything that any client saw, and what the history is known to have held, the oldest first. */
  readonly sightings: Iterable<Sighting>;
  readonly clients: readonly ClientLog[];
  /** When Redis lost its data, milliseconds since 1970, ascending. */
  readonly losses: readonly number[];
  /** The last place of the history. */
  readonly end: Cursor;
}

export interface Lost extends Committed {
  /** Whether any other client got it. */
  readonly isSeen: boolean;
}

export interface Verdict {
  readonly name: string;
  readonly group: string;
  /** Events that the client's subscription covers. */
  readonly expected: number;
  readonly delivered: number;
  /** Neither delivered nor in an announced gap. */
  readonly lost: readonly Lost[];
  readonly repeated: readonly string[];
  readonly reordered: readonly string[];
  /** Published again after Redis had lost that it was published, and the gap was announced. */
  readonly toldAgain: number;
  /** Not delivered, in an announced gap. */
  readonly inGaps: number;
  readonly gaps: number;
  readonly reconnects: number;
  /** Gaps, or their absence, that no loss of Redis's data explains, and other broken promises. */
  readonly faults: readonly string[];
}

/**
 * Milliseconds before a loss of Redis's data in which an event may have been published that no relay handed on, since
 * the links to all of them were broken: the longest fault, and some.
 */
const UNSEEN_BEFORE_LOSS_MS = 15_000;

type Gap = Extract<LogItem, { type: 'gap' }>;

/** A stretch of the history that a client was told it has all of: what came after `from`, up to `to`. */
interface Stretch {
  readonly epoch: string;
  readonly from: StreamId;
  to: StreamId;
}

export function verify(evidence: Evidence): Verdict[] {
  const places = new Map<string, Cursor[]>();
  const facts = new Map<string, Committed>();
  for (const committed of evidence.committed) facts.set(committed.fact.key, committed);
  for (const { fact, place } of evidence.sightings) {
    if (!facts.has(fact.key)) facts.set(fact.key, { fact });
    const known = places.get(fact.key);
    if (known) known.push(place);
    else places.set(fact.key, [place]);
  }
  return evidence.clients.map((client) => judge(client, facts, places, evidence));
}

function judge(
  { name, group, wish, items, reconnects }: ClientLog,
  facts: ReadonlyMap<string, Committed>,
  places: ReadonlyMap<string, readonly Cursor[]>,
  { losses, end }: Evidence,
): Verdict {
  const seen = new Map<string, string>();
  const revisions = new Map<string, number>();
  const lives = new Map<string, Set<string>>();
  const currentLife = new Map<string, string>();
  const stretches: Stretch[] = [];
  const lost: Lost[] = [];
  const repeated: string[] = [];
  const reordered: string[] = [];
  const faults: string[] = [];
  const gaps: Gap[] = [];
  let toldAgain = 0;
  let stretch: Stretch | undefined;

  function begin({ epoch, id }: Cursor): void {
    stretch = { epoch, from: id, to: id };
    stretches.push(stretch);
  }

  function advance({ epoch, id }: Cursor): void {
    if (!stretch) return begin({ epoch, id });
    if (stretch.epoch !== epoch) {
      faults.push(`from epoch ${stretch.epoch} to ${epoch} without a gap`);
      return begin({ epoch, id });
    }
    if (compareStreamIds(id, stretch.to) > 0) stretch.to = id;
  }

  /** Within one life revisions never go back, and no life comes back after the next one began. */
  function isInOrder({ serialNumber, droneId, revision }: Fact): boolean {
    if (!serialNumber || !droneId || revision === undefined) return true;
    const last = revisions.get(droneId) ?? 0;
    revisions.set(droneId, Math.max(last, revision));
    const past = lives.get(serialNumber) ?? new Set();
    lives.set(serialNumber, past);
    const isPastLife = past.has(droneId) && currentLife.get(serialNumber) !== droneId;
    past.add(droneId);
    if (!isPastLife) currentLife.set(serialNumber, droneId);
    return revision >= last && !isPastLife;
  }

  function see({ fact, place }: Sighting): void {
    const before = seen.get(fact.key);
    const isAhead = stretch?.epoch !== place.epoch || compareStreamIds(place.id, stretch.to) > 0;
    seen.set(fact.key, place.epoch);
    advance(place);
    if (before !== place.epoch && places.get(fact.key)?.[0]?.epoch !== place.epoch) {
      toldAgain += 1; // `advance` has seen to it that a gap was announced.
      return;
    }
    if (before !== undefined) repeated.push(fact.key);
    else if (!isAhead || !isInOrder(fact)) reordered.push(fact.key);
  }

  for (const item of items) {
    if (item.type === 'event') see(item.sighting);
    else if (item.type === 'place') advance(item.place);
    else if (item.type === 'silence') faults.push('not resumed, and no gap announced');
    else {
      gaps.push(item);
      begin(item.place);
    }
  }

  const isCovered = (place: Cursor): boolean =>
    stretches.some(
      ({ epoch, from, to }) =>
        epoch === place.epoch && compareStreamIds(place.id, from) > 0 && compareStreamIds(place.id, to) <= 0,
    );
  const isBeforeLoss = (at: number): boolean =>
    losses.some((loss) => at <= loss && at > loss - UNSEEN_BEFORE_LOSS_MS);

  let expected = 0;
  let inGaps = 0;
  for (const { fact, at } of facts.values()) {
    if (!matches(wish, fact)) continue;
    expected += 1;
    if (seen.has(fact.key)) continue;
    const known = places.get(fact.key);
    const isExcused = known ? !known.some(isCovered) : at !== undefined && isBeforeLoss(at);
    if (isExcused) inGaps += 1;
    else lost.push({ fact, at, isSeen: known !== undefined });
  }

  faults.push(...unexplained(gaps, losses));
  if (!stretch || stretch.epoch !== end.epoch || compareStreamIds(stretch.to, end.id) < 0)
    faults.push('did not reach the end of the history');
  return {
    ...{ name, group, expected, delivered: seen.size, lost, repeated, reordered },
    ...{ toldAgain, inGaps, gaps: gaps.length, reconnects, faults },
  };
}

function matches({ serialNumbers, kinds }: Wish, { serialNumber, kind }: Fact): boolean {
  if (kinds && !kinds.includes(kind)) return false;
  return !serialNumbers || serialNumber === undefined || serialNumbers.includes(serialNumber);
}

/**
 * Each gap has a loss of its own before it, and after each loss comes a gap. A client that does not read for a while may
 * hear of a loss only after the next one.
 */
function unexplained(gaps: readonly Gap[], losses: readonly number[]): string[] {
  const groundless = gaps.filter(({ at }, n) => losses.filter((loss) => loss < at).length <= n);
  const unannounced = losses.filter((loss) => !gaps.some(({ at }) => at > loss));
  return [
    ...groundless.map(
      ({ at, reason }) => `a gap at ${new Date(at).toISOString()} (${reason}) without a loss of data`,
    ),
    ...unannounced.map((loss) => `no gap after the loss of data at ${new Date(loss).toISOString()}`),
  ];
}
