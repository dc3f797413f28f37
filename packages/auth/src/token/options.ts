import { parseArgs } from 'node:util';
import { DroneName } from '@dronecast/events';
import { Value } from '@sinclair/typebox/value';
import { isScope, SCOPES } from '../access.js';
import { splitNames } from '../claims.js';

/** A mistake that the user can mend; shown as one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `Prints a token for development, made with JWT_SECRET, JWT_ISSUER and JWT_AUDIENCE of the environment.

Usage: pnpm --silent make-token --sub NAME [options]

  --sub NAME        whom it is for
  --drones A,B*     serial numbers and prefixes, or * for all [*]
  --scope "A B"     [every one]: ${SCOPES.join(' ')}
  --expires TIME    like 90s, 30m, 1h or 7d [1h]
  --secret TEXT     in place of JWT_SECRET
  --help
`;

const OPTIONS = {
  sub: { type: 'string' },
  drones: { type: 'string', default: '*' },
  scope: { type: 'string', default: SCOPES.join(' ') },
  expires: { type: 'string', default: '1h' },
  secret: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Undefined when help is asked for. */
export function parseOptions(args: string[]) {
  const { help, sub, drones, scope, expires, secret } = parse(args);
  if (help) return undefined;
  if (!sub) throw new UsageError('--sub is required');
  return {
    sub,
    drones: readNames(drones),
    scope: readScopes(scope),
    expiresInSeconds: readSeconds(expires),
    secret,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replaceAll('\n', ' '));
  }
}

function readNames(list: string): string {
  const names = splitNames(list);
  const wrong = names.find((name) => !Value.Check(DroneName, name));
  if (wrong !== undefined)
    throw new UsageError(`--drones names '${wrong}', which is not ${DroneName.description}`);
  return names.join(',');
}

function readScopes(list: string): string {
  const names = list.split(/[ ,]+/).filter(Boolean);
  const wrong = names.find((name) => !isScope(name));
  if (wrong !== undefined)
    throw new UsageError(`--scope names '${wrong}', which is none of ${SCOPES.join(', ')}`);
  return names.join(' ');
}

function readSeconds(text: string): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (!amount) throw new UsageError(`--expires must be a time like 90s, 30m, 1h or 7d, not '${text}'`);
  return Number(amount) * (SECONDS[unit] ?? Number.NaN);
}
