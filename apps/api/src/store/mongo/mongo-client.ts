import {
  MongoBulkWriteError,
  MongoClient,
  MongoError,
  MongoNetworkError,
  MongoServerSelectionError,
} from 'mongodb';
import { StoreUnavailable } from '../drone-store.js';

export interface MongoOptions {
  /** Connection string; it names the database. */
  readonly url: string;
  /** Most connections at once. */
  readonly poolSize: number;
  /** Milliseconds after which an operation without an answer, or without a server, fails. */
  readonly timeoutMs: number;
}

/** Commits survive a failover: majority, journaled. */
export function createMongoClient({ url, poolSize, timeoutMs }: MongoOptions): MongoClient {
  return new MongoClient(url, {
    maxPoolSize: poolSize,
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    socketTimeoutMS: timeoutMs * 2,
    waitQueueTimeoutMS: timeoutMs,
    writeConcern: { w: 'majority', journal: true },
    ignoreUndefined: true,
  });
}

/** Server errors that pass: not primary, shutting down, network trouble behind a router. */
const PASSING_CODES = new Set<unknown>([6, 7, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

const isAway = (error: unknown): boolean =>
  error instanceof MongoNetworkError ||
  error instanceof MongoServerSelectionError ||
  // A bulk write wraps whatever went wrong.
  (error instanceof MongoBulkWriteError && isAway(error.errorResponse)) ||
  (error instanceof MongoError &&
    (PASSING_CODES.has(error.code) ||
      [
        'MongoWaitQueueTimeoutError',
        'MongoPoolClearedError',
        'MongoPoolClosedError',
        'MongoTopologyClosedError',
        'MongoNotConnectedError',
        'MongoOperationTimeoutError',
      ].includes(error.name)));

/** Runs a database access; when the database is away, says so in the port's terms. */
export async function guard<T>(access: () => Promise<T>): Promise<T> {
  try {
    return await access();
  } catch (error) {
    throw isAway(error) ? new StoreUnavailable('mongodb is away', { cause: error }) : error;
  }
}
