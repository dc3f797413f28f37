import { parseArgs } from 'node:util';
import { ConfigError, maskSecrets } from '@dronecast/runtime';
import { MongoClient } from 'mongodb';
import { loadConfig } from '../config.js';
import { type Finding, reportOn } from './report.js';

const HELP = `Reports what of an older service's drones and incidents collections does not fit. Reads MONGODB_URL, writes nothing.

Usage: pnpm --silent migrate --dry-run [--json]

The API takes the collections over when it starts on them: nothing has to be converted. What is reported is read with
defaults in place of what is wrong, or cannot be addressed. Exits with 1 when something does not fit, 2 on a fault.
`;

/** Says one line, without the password of the URL that it may quote. */
function fail(message: string): void {
  console.error(`migrate: ${maskSecrets(message)}`);
  process.exitCode = 2;
}

/** Those of drones begin as they always did. */
function toLine({ collection, id, serialNumber, pointer, message }: Finding): string {
  const where = collection === 'drones' ? id : `${collection} ${id}`;
  return `${where}  ${typeof serialNumber === 'string' ? serialNumber : '-'}  ${pointer} ${message}`;
}

async function run(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { 'dry-run': { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help || !values['dry-run']) {
    process.stdout.write(HELP);
    if (!values.help) process.exitCode = 2;
    return;
  }
  const { MONGODB_URL, MONGODB_TIMEOUT_MS } = loadConfig(process.env);
  const client = new MongoClient(MONGODB_URL, {
    serverSelectionTimeoutMS: MONGODB_TIMEOUT_MS,
    enableUtf8Validation: false, // As the store reads it.
  });
  try {
    const { documents: count, unfit } = await reportOn(client.db(), (finding) => {
      console.log(values.json ? JSON.stringify(finding) : toLine(finding));
    });
    console.error(`${count} documents, ${unfit} of them do not fit`);
    if (unfit > 0) process.exitCode = 1;
  } finally {
    await client.close();
  }
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  fail(
    error instanceof ConfigError || (error instanceof Error && 'code' in error)
      ? error.message
      : String(error),
  );
}
