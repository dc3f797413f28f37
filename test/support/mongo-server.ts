import { randomBytes } from 'node:crypto';
import * as testbed from '@dronecast/testbed';
import type { Test } from 'tap';
import { requires } from './requirement.js';

export interface MongoServer {
  /** Names a database that is this caller's alone. */
  readonly url: string;
  /** Undefined when `MONGODB_TEST_URL` names a running MongoDB, which is not ours to stop. */
  readonly process: testbed.Server | undefined;
}

const givenUrl = process.env.MONGODB_TEST_URL;

export const requiresMongo = (t: Test): boolean => Boolean(givenUrl) || requiresOwnMongo(t);

/** For tests that stop the server, or have it fail on purpose. */
export const requiresOwnMongo = (t: Test): boolean => requires(t, testbed.MONGO_COMMAND);

/** A database on the MongoDB that `MONGODB_TEST_URL` names (the caller drops it), else on a server of its own. */
export async function startMongo(t: Test, options: testbed.ServerOptions = {}): Promise<MongoServer> {
  if (givenUrl) return { url: withDatabase(givenUrl), process: undefined };
  const process = await startOwnMongo(t, options);
  return { url: process.url, process };
}

/** A server that the test may stop; it has MongoDB's `configureFailPoint`. */
export async function startOwnMongo(t: Test, options: testbed.ServerOptions = {}): Promise<testbed.Mongo> {
  const server = await testbed.startMongo(options);
  t.teardown(server.remove);
  return { ...server, url: withDatabase(server.url) };
}

function withDatabase(url: string): string {
  const name = `dronecast_test_${randomBytes(6).toString('hex')}`;
  return url.replace(/^(\w+(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);
}
