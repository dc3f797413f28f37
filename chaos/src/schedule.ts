import { createRandom } from '@dronecast/simulator/random';

/** What a fault is done to: two that touch the same part follow one another. `pair`: one of two processes. */
type Part = 'redis' | 'mongo' | 'clients' | 'api' | 'relay';

interface FaultKind {
  readonly name: string;
  readonly part: Part;
  /** Milliseconds from its beginning to the beginning of the repair. */
  readonly shortestMs: number;
  readonly longestMs: number;
  /** Too heavy for every round: it is made once a run, alone. */
  readonly isOnce?: true;
  /**
   * It needs the build of an earlier version. It is never made on top of others, because they bring out faults that only
   * that version has.
   */
  readonly needsEarlier?: true;
}

/** Every way in which the system is broken. Pauses and black holes outlast the timeouts that are to notice them. */
export const FAULTS = [
  { name: 'api-kill', part: 'api', shortestMs: 100, longestMs: 1500 },
  { name: 'api-kill-before-publish', part: 'api', shortestMs: 100, longestMs: 1000 },
  { name: 'relay-kill', part: 'relay', shortestMs: 100, longestMs: 1500 },
  { name: 'relay-stop', part: 'relay', shortestMs: 100, longestMs: 1000 },
  { name: 'redis-kill', part: 'redis', shortestMs: 100, longestMs: 2500 },
  { name: 'redis-lose', part: 'redis', shortestMs: 100, longestMs: 2500 },
  { name: 'redis-pause', part: 'redis', shortestMs: 2500, longestMs: 4000 },
  { name: 'redis-cut', part: 'redis', shortestMs: 200, longestMs: 2000 },
  { name: 'redis-black-hole', part: 'redis', shortestMs: 2500, longestMs: 4000 },
  { name: 'subscriber-kill', part: 'redis', shortestMs: 0, longestMs: 0 },
  { name: 'small-output-buffer', part: 'redis', shortestMs: 2500, longestMs: 3500 },
  { name: 'clock-jump', part: 'redis', shortestMs: 0, longestMs: 0 },
  { name: 'redis-full', part: 'redis', shortestMs: 1500, longestMs: 4000 },
  { name: 'redis-acl', part: 'redis', shortestMs: 500, longestMs: 2000 },
  { name: 'forged-frame', part: 'redis', shortestMs: 500, longestMs: 2000 },
  { name: 'poison-outbox', part: 'mongo', shortestMs: 2000, longestMs: 4000 },
  { name: 'mongo-kill', part: 'mongo', shortestMs: 100, longestMs: 1500 },
  { name: 'client-cut', part: 'clients', shortestMs: 100, longestMs: 1000 },
  { name: 'client-black-hole', part: 'clients', shortestMs: 1000, longestMs: 4000 },
  { name: 'slow-readers', part: 'clients', shortestMs: 3000, longestMs: 5000 },
  { name: 'stopped-readers', part: 'clients', shortestMs: 4000, longestMs: 8000 },
  { name: 'prefix-storm', part: 'clients', shortestMs: 2000, longestMs: 4000 },
  {
    name: 'earlier-api',
    part: 'api',
    shortestMs: 2000,
    longestMs: 4000,
    needsEarlier: true,
  },
  {
    name: 'earlier-relay',
    part: 'relay',
    shortestMs: 2000,
    longestMs: 4000,
    needsEarlier: true,
  },
  { name: 'api-backlog', part: 'redis', shortestMs: 0, longestMs: 0, isOnce: true },
] as const satisfies readonly FaultKind[];

export type FaultName = (typeof FAULTS)[number]['name'];

export interface Fault {
  readonly name: FaultName;
  readonly part: Part;
  readonly phase: 'alone' | 'mixed';
  /** Milliseconds since the run began, at the earliest. */
  readonly at: number;
  readonly durationMs: number;
  /** Which of two processes, or of two relays' clients; for links to Redis, which of the four processes. */
  readonly target: number;
}

export const needsEarlier = (name: FaultName): boolean =>
  FAULTS.some((fault: FaultKind) => fault.name === name && fault.needsEarlier);

export const isFaultName = (name: string): name is FaultName => FAULTS.some((fault) => fault.name === name);

/** Time for what was broken to work again before the next fault, when it is to be alone. */
const RECOVERY_MS = 1500;

/**
 * The heaviest faults first, once; for the first half of the time each of the others alone, round after round in changing
 * order; then faults on top of each other. The same arguments always give the same schedule.
 */
export function createSchedule(names: readonly FaultName[], seed: number, durationMs: number): Fault[] {
  const random = createRandom(seed);
  const chosen: readonly FaultKind[] = FAULTS.filter(({ name }) => names.includes(name));
  const kinds = chosen.filter(({ isOnce }) => !isOnce);
  const mixable = kinds.filter(({ needsEarlier }) => !needsEarlier);
  const faults: Fault[] = [];
  let round: FaultKind[] = [];

  function draw(from: readonly FaultKind[]): FaultKind {
    if (round.length === 0) round = [...from];
    const kind = random.pick(round);
    round = round.filter((other) => other !== kind);
    return kind;
  }

  function add(phase: Fault['phase'], at: number, kind: FaultKind): Fault {
    const { name, part, shortestMs, longestMs } = kind;
    const fault: Fault = {
      ...{ name: name as FaultName, part, phase, at },
      durationMs: random.integer(shortestMs, longestMs),
      target: random.integer(0, 3),
    };
    faults.push(fault);
    return fault;
  }

  for (const kind of chosen) if (kind.isOnce) add('alone', 0, kind);
  let at = 1000;
  while (kinds.length > 0 && at < durationMs / 2)
    at += add('alone', at, draw(kinds)).durationMs + RECOVERY_MS + random.integer(0, 1000);
  round = [];
  while (mixable.length > 0 && at < durationMs) {
    add('mixed', at, draw(mixable));
    at += random.integer(300, 2200);
  }
  return faults;
}
