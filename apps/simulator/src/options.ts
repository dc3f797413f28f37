import { parseArgs } from 'node:util';

/** A mistake that the user can mend; shown as one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Registers a fleet and keeps changing it: streams, AI detection, classes, metadata, incidents.

Usage: pnpm simulate [options]

  --url URL           the API [http://127.0.0.1:3000]
  --page URL          where browsers open the page, which has the picture of the incidents [--url]
  --token TOKEN       a bearer token, where the API asks for one
  --drones N          size of the fleet [50]
  --rate N            changes per second [20]
  --seed N            the same seed and fleet size repeat the same run [1]
  --duration SECONDS  [until Ctrl-C]
  --help
`;

const OPTIONS = {
  url: { type: 'string', default: 'http://127.0.0.1:3000' },
  page: { type: 'string' },
  token: { type: 'string' },
  drones: { type: 'string', default: '50' },
  rate: { type: 'string', default: '20' },
  seed: { type: 'string', default: '1' },
  duration: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export type Options = ReturnType<typeof parseOptions>;

export function parseOptions(args: string[]) {
  const { url, page = url, token, drones, rate, seed, duration, help } = parse(args);
  return {
    help,
    url: readUrl('url', url),
    page: readUrl('page', page),
    token,
    drones: readNumber('drones', drones, 1, 100_000, 'whole number'),
    rate: readNumber('rate', rate, 0.01, 100_000),
    seed: readNumber('seed', seed, 0, 2 ** 32 - 1, 'whole number'),
    // A timer holds no more than 24 days.
    durationSeconds: duration === undefined ? undefined : readNumber('duration', duration, 0.1, 2_000_000),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replaceAll('\n', ' '));
  }
}

function readUrl(name: string, text: string): URL {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text);
  throw new UsageError(`--${name} must be an http or https URL, not '${text}'`);
}

function readNumber(name: string, text: string, low: number, high: number, kind = 'number'): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const isKind = kind === 'number' || Number.isInteger(value);
  if (isKind && value >= low && value <= high) return value;
  throw new UsageError(`--${name} must be a ${kind} from ${low} to ${high}, not '${text}'`);
}
