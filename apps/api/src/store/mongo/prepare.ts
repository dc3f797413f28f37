import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Collection, type MongoClient, MongoServerError } from 'mongodb';
import type { Logger } from 'pino';
import type { DroneDocument } from './drone-document.js';
import { fromEmbedded, type IncidentDocument } from './incident-document.js';
import { isAway } from './mongo-client.js';

const RETRY_MS = 2000;
const DUPLICATE_KEY = 11000;
/** Embedded incidents that are read and copied at once. */
const COPIED_AT_ONCE = 500;

async function createIndexes(
  drones: Collection<DroneDocument>,
  incidents: Collection<IncidentDocument>,
): Promise<void> {
  await makeSerialNumbersUnique(drones);
  await drones.createIndex({ publicId: 1 }, { sparse: true });
  await drones.createIndex({ pendingSince: 1 }, { sparse: true });
  await incidents.createIndex({ capturedAt: -1, _id: -1 });
  await incidents.createIndex({ serialNumber: 1, capturedAt: -1, _id: -1 });
  await incidents.createIndex({ classId: 1, capturedAt: -1, _id: -1 });
}

/** By an index of the older service, if there is one, whatever its name and its other options. */
async function makeSerialNumbersUnique(drones: Collection<DroneDocument>): Promise<void> {
  try {
    await drones.createIndex({ deviceSerialNumber: 1 }, { unique: true });
  } catch (error) {
    const isThere = (await drones.indexes()).some(
      ({ key, unique, partialFilterExpression }) =>
        unique && !partialFilterExpression && isDeepStrictEqual(key, { deviceSerialNumber: 1 }),
    );
    if (!isThere) throw error;
  }
}

/**
 * Copies incidents that the older service embedded in its drones to the collection where they can be queried. The originals
 * stay. It reads part of the array at a time, because a document may hold 16 MiB of incidents.
 */
async function copyEmbedded(
  drones: Collection<DroneDocument>,
  incidents: Collection<IncidentDocument>,
): Promise<void> {
  const holders = drones.find({ 'incidents.0': { $exists: true } } as object, { projection: { _id: 1 } });
  for await (const { _id } of holders) {
    for (let copied = 0, isMore = true; isMore; copied += COPIED_AT_ONCE) {
      const projection = { deviceSerialNumber: 1, incidents: { $slice: [copied, COPIED_AT_ONCE] } };
      const holder = await drones.findOne<EmbeddedIncidents>({ _id }, { projection });
      const embedded = Array.isArray(holder?.incidents) ? holder.incidents : [];
      if (holder) await copy(embedded, holder.deviceSerialNumber, incidents);
      isMore = embedded.length === COPIED_AT_ONCE;
    }
  }
}

interface EmbeddedIncidents {
  readonly deviceSerialNumber: string;
  readonly incidents?: Record<string, unknown>[];
}

async function copy(
  embedded: readonly Record<string, unknown>[],
  serialNumber: string,
  incidents: Collection<IncidentDocument>,
): Promise<void> {
  const documents = embedded
    .filter((incident) => typeof incident === 'object' && incident !== null)
    .map((incident) => fromEmbedded(incident, serialNumber));
  if (documents.length === 0) return;
  try {
    await incidents.insertMany(documents, { ordered: false });
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error; // Copied before.
  }
}

/**
 * Connects and makes the collections ready, trying until it works. The driver finds a lost server again by itself, but
 * only after it was connected once.
 */
export function prepareCollections(
  client: MongoClient,
  drones: Collection<DroneDocument>,
  incidents: Collection<IncidentDocument>,
  log: Pick<Logger, 'info' | 'error'>,
) {
  const stop = new AbortController();
  let isDone = false;

  async function run(): Promise<void> {
    while (!isDone && !stop.signal.aborted) {
      try {
        await client.connect();
        await createIndexes(drones, incidents);
        await copyEmbedded(drones, incidents);
        isDone = true;
        log.info('mongodb is ready');
      } catch (error) {
        if (stop.signal.aborted) return;
        // Waiting for a server is normal at a start; anything else needs a person (duplicate serial numbers, rights).
        if (isAway(error)) log.info('waiting for mongodb');
        else log.error({ err: error }, 'mongodb cannot be prepared');
        await delay(RETRY_MS, undefined, { signal: stop.signal }).catch(() => {});
      }
    }
  }

  const running = run();
  return {
    isDone: () => isDone,
    async stop(): Promise<void> {
      stop.abort();
      await running;
    },
  };
}
