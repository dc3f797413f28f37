import {
  MongoBulkWriteError,
  MongoClient,
  MongoError,
  MongoNetworkError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { FieldTaken, OutcomeUnknown, StoreUnavailable } from '../drone-store.js';

const DUPLICATE_KEY = 11000;
const SERIAL_NUMBER = 'deviceSerialNumber';

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
    // One text that is not UTF-8 would fail the whole batch of documents.
    enableUtf8Validation: false,
  });
}

/** Server errors that pass: not primary, shutting down, too slow, network trouble behind a router. */
const PASSING_CODES = new Set<unknown>([6, 7, 50, 89, 91, 189, 262, 9001, 10107, 11600, 11602, 13435, 13436]);

/** Whether the database is unavailable, as opposed to an error in the query. */
export const isAway = (error: unknown): boolean =>
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

/** The first field of the violated unique index. Servers before 4.2 do not name it: then it is the serial number. */
function takenField(error: unknown): string | undefined {
  if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) return undefined;
  const fields = Object.keys((error.keyPattern as object | undefined) ?? {});
  return fields.length === 0 || fields.includes(SERIAL_NUMBER) ? SERIAL_NUMBER : fields[0];
}

/** Rejects with {@link FieldTaken} when the write violates a unique index. */
export async function unlessTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const field = takenField(error);
    throw field === undefined ? error : new FieldTaken(field);
  }
}

/**
 * Gives up a query after `timeoutMs`, whatever state the server is in. The driver's timeouts each cover one step (server
 * selection, checkout, socket), and the driver retries. A commit that is given up may still succeed: then it rejects with
 * `OutcomeUnknown`.
 */
export function createGuard(timeoutMs: number) {
  return async function guard<T>(query: () => Promise<T>, kind: 'query' | 'commit' = 'query'): Promise<T> {
    const Unavailable = kind === 'commit' ? OutcomeUnknown : StoreUnavailable;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Unavailable(`mongodb did not answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
    });
    try {
      return await Promise.race([query(), tooLate]);
    } catch (error) {
      throw isAway(error) ? new Unavailable('mongodb is away', { cause: error }) : error;
    } finally {
      clearTimeout(timer);
    }
  };
}
