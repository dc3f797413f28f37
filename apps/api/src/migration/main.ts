import { parseArgs } from 'node:util';
import { ConfigError, maskSecrets } from '@dronecast/runtime';
import { MongoClient } from 'mongodb';
import { loadConfig } from '../config.js';
import { reportOn } from './report.js';

const HELP = `Reports which documents of an older service's drones collection do not fit. Reads MONGODB_URL, writes nothing.

Usage: pnpm --silent migrate --dry-run [--json]

The API takes a collection over when it starts on it: nothing has to be converted. What is reported is read with
defaults in place of what is wrong, or cannot be addressed. Exits with 1 when a document does not fit, 2 on a fault.
`;

/** Says one line, without the password of the URL that it may quote. */
function fail(message: string): void {
  console.error(`migrate: ${maskSecrets(message)}`);
  process.exitCode = 2;
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
  const client = new MongoClient(MONGODB_URL, { serverSelectionTimeoutMS: MONGODB_TIMEOUT_MS });
  try {
    const documents = client.db().collection('drones').find();
    const { documents: count, unfit } = await reportOn(documents, (finding) => {
      const { id, serialNumber, pointer, message } = finding;
      console.log(
        values.json ? JSON.stringify(finding) : `${id}  ${serialNumber ?? '-'}  ${pointer} ${message}`,
      );
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
