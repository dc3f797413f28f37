import { setTimeout as delay } from 'node:timers/promises';
import type { Collection, Document, MongoClient } from 'mongodb';
import type { Logger } from 'pino';
import { type SharedSerialNumber, SharedSerialNumbers, StoreUnavailable } from '../drone-store.js';
import { areShared, findSharedSerialNumbers, isDuplicateKey } from './duplicates.js';
import { createIndexes, makeSerialNumbersUnique } from './indexes.js';
import { isAway } from './mongo-client.js';

const RETRY_MS = 2000;

export interface PreparationDependencies {
  readonly client: MongoClient;
  readonly drones: Collection<Document>;
  readonly incidents: Collection<Document>;
  /** Makes what the older service has written ready to be read. */
  readonly adopt: () => Promise<void>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
}

/**
 * Connects and makes the collections ready, trying until it works. The driver finds a lost server again by itself, but
 * only after it was connected once.
 */
export function prepareCollections({ client, drones, incidents, adopt, log }: PreparationDependencies) {
  const stop = new AbortController();
  let isRead = false;
  let isDone = false;
  let shared: readonly SharedSerialNumber[] = [];

  /** Last comes what two documents with one serial number prevent, so that all else can be read in the meantime. */
  async function prepare(): Promise<void> {
    await client.connect();
    if (!isRead) {
      await createIndexes({ drones, incidents }, log);
      await adopt();
      isRead = true;
    }
    if (await areShared(drones, shared)) return;
    try {
      await makeSerialNumbersUnique(drones);
      isDone = true;
      shared = [];
      log.info('mongodb is ready');
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      shared = await findSharedSerialNumbers(drones, error);
      log.error(
        { serialNumbers: shared },
        'writes wait: documents in the drones collection share a serial number; delete or renumber all but one of each',
      );
    }
  }

  async function run(): Promise<void> {
    while (!isDone && !stop.signal.aborted) {
      try {
        await prepare();
      } catch (error) {
        if (stop.signal.aborted) return;
        // Waiting for a server is normal at a start; anything else needs a person, for example missing rights.
        if (isAway(error)) log.info('waiting for mongodb');
        else log.error({ err: error }, 'mongodb cannot be prepared');
      }
      if (!isDone) await delay(RETRY_MS, undefined, { signal: stop.signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    /** Throws StoreUnavailable until writes are safe. */
    assertDone(): void {
      if (isDone) return;
      throw shared.length > 0
        ? new SharedSerialNumbers(shared)
        : new StoreUnavailable('mongodb is not prepared yet');
    },
    async stop(): Promise<void> {
      stop.abort();
      await running;
    },
  };
}
