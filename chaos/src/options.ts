import { parseArgs } from 'node:util';
import { FAULTS, type FaultName, isFaultName, needsEarlier } from './schedule.js';

/** A mistake that the user can mend; shown as one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Runs two APIs and two relays on real servers, breaks them, and proves that clients missed nothing.

Usage: pnpm chaos [options]

  --minutes N       how long faults are made [10]
  --seed N          the same seed and minutes repeat the same faults [1]
  --faults A,B      only these [all]: ${FAULTS.map(({ name }) => name).join(', ')}
  --clients N       verifying clients [50]
  --drones N        size of the fleet [40]
  --rate N          changes per second [80]
  --backlog N       MiB of events that wait in the database in the fault api-backlog [200]
  --earlier DIR     a built checkout of an earlier version: the faults earlier-api and earlier-relay run its processes
                    beside these
  --python PATH     a Python interpreter that has clients/python installed: that client is a witness too
  --mutation NAME   switches a protection off, to show that losses are found: no-outbox, no-catch-up,
                    no-order-check
  --help
`;

/**
 * `no-outbox`: events are published at once or never. `no-catch-up`: a relay goes on as if it had missed nothing.
 * `no-order-check`: a commit is published although an older one of the same drone may wait.
 */
export const MUTATIONS = ['no-outbox', 'no-catch-up', 'no-order-check'] as const;
export type Mutation = (typeof MUTATIONS)[number];

const OPTIONS = {
  minutes: { type: 'string', default: '10' },
  seed: { type: 'string', default: '1' },
  faults: { type: 'string' },
  clients: { type: 'string', default: '50' },
  drones: { type: 'string', default: '40' },
  rate: { type: 'string', default: '80' },
  backlog: { type: 'string', default: '200' },
  earlier: { type: 'string' },
  python: { type: 'string' },
  mutation: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export type Options = ReturnType<typeof parseOptions>;

export function parseOptions(args: string[]) {
  const { help, minutes, seed, faults, clients, drones, rate, backlog, earlier, python, mutation } =
    parse(args);
  return {
    help,
    minutes: readNumber('minutes', minutes, 0.05, 1440),
    seed: readNumber('seed', seed, 0, 2 ** 32 - 1),
    faults: readFaults(faults, earlier !== undefined),
    clients: readNumber('clients', clients, 4, 1000),
    drones: readNumber('drones', drones, 1, 500),
    rate: readNumber('rate', rate, 1, 10_000),
    backlogMiB: readNumber('backlog', backlog, 1, 1024),
    earlier,
    python,
    mutation: mutation === undefined ? undefined : readMutation(mutation),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replaceAll('\n', ' '));
  }
}

function readNumber(name: string, text: string, low: number, high: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= low && value <= high) return value;
  throw new UsageError(`--${name} must be a number from ${low} to ${high}, not '${text}'`);
}

function readFaults(list: string | undefined, hasEarlier: boolean): FaultName[] {
  if (list === undefined)
    return FAULTS.map(({ name }) => name).filter((name) => hasEarlier || !needsEarlier(name));
  return list.split(',').map((name) => {
    if (isFaultName(name)) {
      if (hasEarlier || !needsEarlier(name)) return name;
      throw new UsageError(`--faults ${name} needs --earlier`);
    }
    throw new UsageError(
      `--faults names '${name}', which is none of ${FAULTS.map((f) => f.name).join(', ')}`,
    );
  });
}

function readMutation(name: string): Mutation {
  const mutation = MUTATIONS.find((known) => known === name);
  if (mutation) return mutation;
  throw new UsageError(`--mutation must be ${MUTATIONS.join(' or ')}, not '${name}'`);
}
