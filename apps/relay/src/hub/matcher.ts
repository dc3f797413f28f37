import type { Route } from '@dronecast/events';
import { partitionPoint } from '../partition-point.js';
import type { Filter } from './filter.js';

/** No serial number has an asterisk. */
const SYSTEM = '*system';
const FLEET = '*fleet';

/** Whom an event concerns: the serial number of a drone, or a word for the fleet or everybody. */
export const subjectOf = (route: Route): string =>
  route.scope === 'drone' ? route.serialNumber : route.scope === 'fleet' ? FLEET : SYSTEM;

/** The subjects of a number of events, each with a number of its own, from 0 on. */
export interface Subjects {
  readonly numbers: ReadonlyMap<string, number>;
  /** In alphabetical order, with the number of each. */
  sorted(): { readonly subjects: readonly string[]; readonly numbers: readonly number[] };
}

/** A filter, prepared to be asked about many events. */
export interface Matcher {
  readonly filter: Filter;
  /**
   * By a subject's number, 1 where its events pass if their kind does; undefined when none do. Costs a search for each
   * name in the filter, however many subjects there are.
   */
  select(subjects: Subjects): Uint8Array | undefined;
}

interface Selection {
  readonly numbers: Subjects['numbers'];
  /** How many subjects there were. */
  readonly size: number;
  readonly selected: Uint8Array | undefined;
}

/** In alphabetical order, without those that a shorter one covers. */
function distinctPrefixes(names: Iterable<string>): string[] {
  const prefixes: string[] = [];
  const given = [...names].filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  for (const prefix of given.sort()) {
    const shorter = prefixes.at(-1);
    if (shorter === undefined || !prefix.startsWith(shorter)) prefixes.push(prefix);
  }
  return prefixes;
}

export function createMatcher(filter: Filter): Matcher {
  const { names, wholeFleet } = filter;
  const serialNumbers = [...names].filter((name) => !name.endsWith('*'));
  const prefixes = distinctPrefixes(names);

  function selectEveryDrone({ numbers }: Subjects): Uint8Array {
    const selected = new Uint8Array(numbers.size).fill(1);
    const fleet = numbers.get(FLEET);
    if (fleet !== undefined && !wholeFleet) selected[fleet] = 0;
    return selected;
  }

  function selectNamed({ numbers, sorted }: Subjects): Uint8Array | undefined {
    const selected = new Uint8Array(numbers.size);
    let isAny = false;
    const mark = (number: number | undefined): void => {
      if (number === undefined) return;
      selected[number] = 1;
      isAny = true;
    };
    mark(numbers.get(SYSTEM));
    if (wholeFleet) mark(numbers.get(FLEET));
    for (const serialNumber of serialNumbers) mark(numbers.get(serialNumber));
    for (const prefix of prefixes) {
      // In alphabetical order, all that start with the prefix follow each other.
      const { subjects, numbers: inOrder } = sorted();
      const first = partitionPoint(subjects.length, (at) => (subjects[at] as string) < prefix);
      for (let at = first; subjects[at]?.startsWith(prefix); at += 1) mark(inOrder[at]);
    }
    return isAny ? selected : undefined;
  }

  const select = names.has('*') ? selectEveryDrone : selectNamed;
  /** Of the subjects that were asked about last: a replay reads a block in many steps. */
  let last: Selection | undefined;

  return {
    filter,
    select(subjects) {
      const { numbers } = subjects;
      if (last?.numbers !== numbers || last.size < numbers.size)
        last = { numbers, size: numbers.size, selected: select(subjects) };
      return last.selected;
    },
  };
}
