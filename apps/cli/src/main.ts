#!/usr/bin/env node
import { createRequire } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { addDrones } from './drones.js';
import { Failure } from './failure.js';
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

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : MISUSED;
  else if (error instanceof Failure || error instanceof RangeError) {
    console.error(`dronecast: ${error.message}`);
    process.exitCode = error instanceof RangeError ? MISUSED : FAILED;
  } else throw error;
}
