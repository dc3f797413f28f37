import { type Collection, type Document, MongoServerError } from 'mongodb';
import type { SharedSerialNumber } from '../drone-store.js';
import { toText } from './document-id.js';

export const DUPLICATE_KEY = 11000;
/** Most serial numbers, and documents of each, that are named. */
const MAX_NAMED = 10;

export const isDuplicateKey = (error: unknown): error is MongoServerError =>
  error instanceof MongoServerError && error.code === DUPLICATE_KEY;

const MORE_THAN_ONE = { $match: { 'ids.1': { $exists: true } } };
const GROUP = { $group: { _id: '$deviceSerialNumber', ids: { $push: '$_id' } } };

const toShared = ({ _id, ids }: Document): SharedSerialNumber => ({
  serialNumber: String(_id),
  documents: (ids as unknown[]).map(toText).sort().slice(0, MAX_NAMED),
});

/** Whether some of these serial numbers are still those of more than one document. */
export async function areShared(
  drones: Collection<Document>,
  known: readonly SharedSerialNumber[],
): Promise<boolean> {
  const serialNumbers = known.map(({ serialNumber }) => serialNumber);
  const stages = [
    { $match: { deviceSerialNumber: { $in: serialNumbers } } },
    GROUP,
    MORE_THAN_ONE,
    { $limit: 1 },
  ];
  return known.length > 0 && (await drones.aggregate(stages).toArray()).length > 0;
}

/** Serial numbers that more than one document has; `refusal` is the database's, of the unique index. */
export async function findSharedSerialNumbers(
  drones: Collection<Document>,
  refusal: MongoServerError,
): Promise<SharedSerialNumber[]> {
  const strings = { $match: { deviceSerialNumber: { $type: 'string', $gt: '' } } };
  const stages = [strings, GROUP, MORE_THAN_ONE, { $sort: { _id: 1 } }, { $limit: MAX_NAMED }];
  const shared = await drones.aggregate(stages, { allowDiskUse: true }).toArray();
  if (shared.length > 0) return shared.map(toShared);
  // An array with the serial number of another document, or a collation for which two texts are the same.
  const serialNumber: unknown = (refusal.keyValue as Document | undefined)?.deviceSerialNumber;
  if (typeof serialNumber !== 'string') return [];
  const holders = await drones
    .find({ deviceSerialNumber: serialNumber }, { projection: { _id: 1 }, limit: MAX_NAMED })
    .toArray();
  return [toShared({ _id: serialNumber, ids: holders.map(({ _id }) => _id) })];
}
