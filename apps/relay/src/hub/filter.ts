import { isDroneName, KINDS, type Kind } from '@dronecast/events';

/**
 * What a peer wants to see. `names` holds serial numbers and prefixes (`abc*`; `*` is every drone); `kinds` is a bit
 * set. Never changed: a new filter takes its place.
 */
export interface Filter {
  readonly names: ReadonlySet<string>;
  readonly kinds: number;
  /** Whether messages to the whole fleet pass, which say something of every drone. */
  readonly wholeFleet: boolean;
}

const MAX_NAMES = 100;

const BIT_OF = new Map<string, number>(KINDS.map((kind, index) => [kind, 1 << index]));
/** For kinds of other publishers, which can't be asked for by name. */
const OTHER_KINDS = 1 << KINDS.length;
const ALL_KINDS = 2 * OTHER_KINDS - 1;

export const EVERYTHING: Filter = { names: new Set(['*']), kinds: ALL_KINDS, wholeFleet: true };

/** The same for filters that want the same. */
export const filterKey = ({ names, kinds, wholeFleet }: Filter): string =>
  `${kinds} ${wholeFleet} ${[...names].sort().join()}`;

/** The bit that an event's kind has in a filter. */
export const kindBit = (kind: string): number => BIT_OF.get(kind) ?? OTHER_KINDS;

/** A name or kind that a client asked for is none. The message says which. */
export class InvalidFilter extends Error {
  override readonly name = 'InvalidFilter';

  constructor(
    /** The part of the filter that is wrong. */
    readonly field: 'sn' | 'events',
    message: string,
  ) {
    super(message);
  }
}

function parseNames(names: readonly string[]): Set<string> {
  for (const name of names) {
    if (isDroneName(name)) continue;
    throw new InvalidFilter(
      'sn',
      `${JSON.stringify(name.slice(0, 80))} is no serial number and no prefix like abc*`,
    );
  }
  return limit(new Set(names));
}

function limit(names: Set<string>): Set<string> {
  if (names.size > MAX_NAMES)
    throw new InvalidFilter('sn', `at most ${MAX_NAMES} serial numbers and prefixes`);
  return names;
}

function parseKinds(kinds: readonly string[]): number {
  let bits = 0;
  for (const kind of kinds) {
    const bit = BIT_OF.get(kind);
    if (bit === undefined) {
      throw new InvalidFilter(
        'events',
        `${JSON.stringify(kind.slice(0, 80))} is none of ${KINDS.join(', ')}`,
      );
    }
    bits |= bit;
  }
  return bits;
}

export interface FilterRequest {
  readonly sn?: readonly string[];
  readonly events?: readonly string[];
}

/**
 * Adds to a filter. What still follows everything is narrowed to the first things named; naming nothing follows
 * everything. Throws {@link InvalidFilter}.
 */
export function subscribe(filter: Filter, { sn = [], events = [] }: FilterRequest): Filter {
  if (sn.length === 0 && events.length === 0) return EVERYTHING;
  const names = parseNames(sn);
  const kinds = parseKinds(events);
  return {
    ...filter,
    names:
      names.size === 0 || filter.names.has('*')
        ? names.size > 0
          ? names
          : filter.names
        : limit(new Set([...filter.names, ...names])),
    kinds: kinds === 0 || filter.kinds === ALL_KINDS ? kinds || filter.kinds : filter.kinds | kinds,
  };
}

/** Takes names and kinds out of a filter; naming nothing takes out every drone. Throws {@link InvalidFilter}. */
export function unsubscribe(filter: Filter, { sn = [], events = [] }: FilterRequest): Filter {
  if (sn.length === 0 && events.length === 0) return { ...filter, names: new Set() };
  const names = parseNames(sn);
  return {
    ...filter,
    names: new Set([...filter.names].filter((name) => !names.has(name))),
    kinds: filter.kinds & ~parseKinds(events),
  };
}

/** The filter in words, as `relay.subscribed` tells it. */
export function describeFilter({ names, kinds }: Filter): { sn: string[]; events: Kind[] } {
  return { sn: [...names], events: KINDS.filter((kind) => kinds & kindBit(kind)) };
}

/** What a filter is indexed by; prefixes without their `*`. */
export interface IndexKeys {
  readonly serialNumbers: readonly string[];
  readonly prefixes: readonly string[];
}

/** What to look a peer up by: no name is left that a prefix covers, so that no event finds a peer twice. */
export function toIndexKeys({ names }: Filter): IndexKeys {
  const isPrefix = (name: string): boolean => name.endsWith('*');
  const given = new Set([...names].filter(isPrefix).map((name) => name.slice(0, -1)));
  const lengths = [...new Set(Array.from(given, ({ length }) => length))];
  /** Whether one of the prefixes that are shorter than `end` covers a name. */
  const isCovered = (name: string, end: number): boolean =>
    lengths.some((length) => length < end && given.has(name.slice(0, length)));
  return {
    serialNumbers: [...names].filter((name) => !isPrefix(name) && !isCovered(name, name.length + 1)),
    prefixes: [...given].filter((prefix) => !isCovered(prefix, prefix.length)),
  };
}
