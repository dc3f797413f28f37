import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import { requires } from './requirement.js';
import { type ServerOptions, type ServerProcess, startServer } from './server-process.js';

export interface MongoServer {
  /** Names a database that is this caller's alone. */
  readonly url: string;
  /** Undefined when `MONGODB_TEST_URL` names a running MongoDB, which is not ours to stop. */
  readonly process: ServerProcess | undefined;
}

/** Path or name of a server that takes the options below and speaks MongoDB's protocol. */
const command = process.env.MONGO_TEST_SERVER || 'secantusd-py';
const givenUrl = process.env.MONGODB_TEST_URL;

export const requiresMongo = (t: Test): boolean => Boolean(givenUrl) || requires(t, command);

/** For tests that stop the server, or have it fail on purpose. */
export const requiresOwnMongo = (t: Test): boolean => requires(t, command);

/** A database on the MongoDB that `MONGODB_TEST_URL` names (the caller drops it), else on a server of its own. */
export async function startMongo(t: Test, options: ServerOptions = {}): Promise<MongoServer> {
  if (givenUrl) return { url: withDatabase(givenUrl), process: undefined };
  const process = await startOwnMongo(t, options);
  return { url: process.url, process };
}

/** A server that the test may stop; it has MongoDB's `configureFailPoint`. */
export async function startOwnMongo(
  t: Test,
  options: ServerOptions = {},
): Promise<ServerProcess & { readonly url: string }> {
  const server = await startServer(
    t,
    command,
    ({ port, dir }) => [
      ...['--port', `${port}`, '--storage-path', dir, '--log-level', 'ERROR'],
      ...['--standalone', '--enable-test-commands'],
    ],
    options,
  );
  return { ...server, url: withDatabase(`mongodb://127.0.0.1:${server.port}`) };
}

function withDatabase(url: string): string {
  const name = `dronecast_test_${randomBytes(6).toString('hex')}`;
  return url.replace(/^(\w+(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);
}
