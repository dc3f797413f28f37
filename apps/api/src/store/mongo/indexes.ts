import { isDeepStrictEqual } from 'node:util';
import type {
  Collection,
  CreateIndexesOptions,
  Document,
  IndexDescriptionInfo,
  IndexDirection,
} from 'mongodb';
import type { Logger } from 'pino';
import { isAway } from './mongo-client.js';

export type CollectionName = 'drones' | 'incidents';

export interface WantedIndex {
  readonly collection: CollectionName;
  readonly key: Readonly<Record<string, IndexDirection>>;
  readonly options?: Pick<CreateIndexesOptions, 'sparse'>;
}

/** What queries need to be fast. */
export const INDEXES: readonly WantedIndex[] = [
  { collection: 'drones', key: { publicId: 1 }, options: { sparse: true } },
  { collection: 'drones', key: { pendingSince: 1 }, options: { sparse: true } },
  { collection: 'incidents', key: { capturedAt: -1, _id: -1 } },
  { collection: 'incidents', key: { serialNumber: 1, capturedAt: -1, _id: -1 } },
  { collection: 'incidents', key: { classId: 1, capturedAt: -1, _id: -1 } },
  { collection: 'incidents', key: { 'readAs.capturedAt': -1, 'readAs.id': -1 }, options: { sparse: true } },
  {
    collection: 'incidents',
    key: { 'readAs.serialNumber': 1, 'readAs.capturedAt': -1, 'readAs.id': -1 },
    options: { sparse: true },
  },
];

export const nameOf = (key: WantedIndex['key']): string => Object.entries(key).flat().join('_');
/** Of an index whose usual name is another one's. */
const otherName = (key: WantedIndex['key']): string => `dronecast_${nameOf(key)}`;

const SERIAL_NUMBER = { deviceSerialNumber: 1 } as const;
/**
 * The other direction, because MongoDB refuses a second index with one key before its version 5.0. Serial numbers alone,
 * because documents without one would all have the same.
 */
const REVERSE_SERIAL_NUMBER = { deviceSerialNumber: -1 } as const;
const SERIAL_NUMBERS_ALONE = { deviceSerialNumber: { $gt: '' } } as const;

/** Whether the index makes all serial numbers unique, whatever its name and its other options. */
const isUniqueSerialNumber = ({
  key,
  unique,
  partialFilterExpression: part,
}: IndexDescriptionInfo): boolean =>
  unique === true &&
  [SERIAL_NUMBER, REVERSE_SERIAL_NUMBER].some((wanted) => isDeepStrictEqual(key, wanted)) &&
  (part === undefined || isDeepStrictEqual(part, SERIAL_NUMBERS_ALONE));

/**
 * By an index of the older service if there is one. Its other indexes stay as they are, because it may need them. Rejects
 * with a duplicate key error when two documents have one serial number.
 */
export async function makeSerialNumbersUnique(drones: Collection<Document>): Promise<void> {
  const existing = await drones.indexes().catch(() => []); // There may be no collection yet.
  if (existing.some(isUniqueSerialNumber)) return;
  try {
    await drones.createIndex(SERIAL_NUMBER, { unique: true });
  } catch (error) {
    if (isAway(error)) throw error;
    await drones.createIndex(REVERSE_SERIAL_NUMBER, {
      unique: true,
      partialFilterExpression: SERIAL_NUMBERS_ALONE,
    });
  }
}

/** Without one of these indexes queries are slow and right: so none of them is worth a start. */
export async function createIndexes(
  collections: Readonly<Record<CollectionName, Collection<Document>>>,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  for (const { collection, key, options } of INDEXES) {
    const index = { ...key };
    try {
      await collections[collection].createIndex(index, options).catch((error: unknown) => {
        if (isAway(error)) throw error;
        return collections[collection].createIndex(index, { ...options, name: otherName(key) });
      });
    } catch (error) {
      if (isAway(error)) throw error;
      log.warn(
        { err: error, collection, index: nameOf(key) },
        'index cannot be created; queries that need it are slow until the index that is in its way is dropped',
      );
    }
  }
}

/** What of a collection's indexes is in the way of those that this service makes, by their names. */
export function findIndexConflicts(
  collection: CollectionName,
  existing: readonly IndexDescriptionInfo[],
): { readonly name: string; readonly message: string }[] {
  const wanted = INDEXES.filter((index) => index.collection === collection);
  const ours = new Set([...wanted.map(({ key }) => nameOf(key)), ...wanted.map(({ key }) => otherName(key))]);
  return existing.flatMap((index) => {
    const { name = '', key, unique } = index;
    if (name === '_id_' || isUniqueSerialNumber(index)) return [];
    if (isDeepStrictEqual(key, SERIAL_NUMBER))
      return [{ name, message: 'is not unique for all serial numbers: one that is, is created beside it' }];
    if (unique) return [{ name, message: 'is unique: a write that repeats a value is refused with 409' }];
    const same = wanted.find((one) => nameOf(one.key) === name || isDeepStrictEqual(one.key, key));
    if (!same) return [];
    const isSame =
      ours.has(name) &&
      isDeepStrictEqual(same.key, key) &&
      Boolean(same.options?.sparse) === Boolean(index.sparse);
    return isSame
      ? []
      : [{ name, message: `is in the way of an index on ${Object.keys(same.key).join(', ')}` }];
  });
}
