import { parseArgs } from 'node:util';

/** A mistake that the user can mend; shown as one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const OPTIONS = {
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

export interface Options {
  /** Scenarios, or `report`; none is all. */
  readonly names: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly isQuick: boolean;
  readonly help: boolean;
}

export function parseOptions(args: string[]): Options {
  const { values, positionals } = parse(args);
  const isQuick = values.quick;
  return {
    names: positionals,
    rounds: readNumber('rounds', values.rounds, isQuick ? 1 : 5),
    seconds: readNumber('seconds', values.seconds, isQuick ? 2 : 5),
    isQuick,
    help: values.help,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.replaceAll('\n', ' '));
  }
}

function readNumber(name: string, text: string | undefined, byDefault: number): number {
  if (text === undefined) return byDefault;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 1000) return value;
  throw new UsageError(`--${name} must be a whole number from 1 to 1000, not '${text}'`);
}
