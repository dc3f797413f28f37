#!/usr/bin/env node
import { createRequire } from 'node:module';
import { RefusedError } from '@dronecast/client';
import { Command, CommanderError, Option } from 'commander';
import { Failure } from './context.js';
import { addDrones } from './drones.js';
import { addTail } from './tail.js';

/** 0 done, also by Ctrl-C; 1 it failed; 2 it was asked for in a wrong way. */
const FAILED = 1;
const MISUSED = 2;

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const program = new Command('dronecast')
  .version(version)
  .description('Follow and change a fleet from the terminal')
  .addOption(
    new Option('--url <url>', 'of the relay, and of the API unless it has its own')
      .env('DRONECAST_URL')
      .default('http://127.0.0.1:3000'),
  )
  .addOption(new Option('--api-url <url>', 'of the API').env('DRONECAST_API_URL'))
  .option('--json', 'one line of JSON for each event or drone')
  .option('--show-passwords', 'print passwords and the secrets in stream URLs, which are *** otherwise')
  .addHelpText(
    'after',
    '\nA token is taken from DRONECAST_TOKEN, or from the file that DRONECAST_TOKEN_FILE names.',
  )
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();
addTail(program);
addDrones(program);

/** Who reads has had enough, such as `head`: that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? 0 : FAILED),
);

/** A request that got no answer fails with a TypeError, whose cause says why; neither names the address. */
function describe({ message, cause }: Error): string {
  const { code } = (cause ?? {}) as { code?: string };
  if (code === undefined) return message;
  const { url, apiUrl = url } = program.opts<{ url: string; apiUrl?: string }>();
  return `cannot reach ${apiUrl} (${code})`;
}

const isExpected = (error: unknown): error is Error =>
  error instanceof Failure ||
  error instanceof RefusedError ||
  error instanceof RangeError ||
  error instanceof TypeError;

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : MISUSED;
  else if (isExpected(error)) {
    console.error(`dronecast: ${describe(error)}`);
    process.exitCode = error instanceof RangeError ? MISUSED : FAILED;
  } else throw error;
}
