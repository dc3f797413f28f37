import {
  type AnyBulkWriteOperation,
  type Collection,
  type Document,
  MongoBulkWriteError,
  MongoServerError,
} from 'mongodb';
import type { Logger } from 'pino';
import { DUPLICATE_KEY } from './duplicates.js';
import { isAway } from './mongo-client.js';

/**
 * Writes what makes older data easier to find. Resolves with false when the database refuses some of it, as a validator
 * does: that is logged, and no reason not to start.
 */
export function createTryWrite(log: Pick<Logger, 'warn'>) {
  return async function tryWrite<D extends Document>(
    collection: Collection<D>,
    operations: AnyBulkWriteOperation<D>[],
  ): Promise<boolean> {
    if (operations.length === 0) return true;
    try {
      await collection.bulkWrite(operations, { ordered: false });
      return true;
    } catch (error) {
      if (isAway(error) || !(error instanceof MongoServerError)) throw error;
      const refused = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
      if (refused.length > 0 && refused.every(({ code }) => code === DUPLICATE_KEY)) return true;
      log.warn(
        { err: error, collection: collection.collectionName },
        'the database refuses to write what older incidents are found by; they are left out of lists',
      );
      return false;
    }
  };
}

export type TryWrite = ReturnType<typeof createTryWrite>;
