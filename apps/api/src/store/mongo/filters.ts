import { DEVICE_CATEGORIES, type DeviceCategory } from '@dronecast/events';
import type { Document, Filter } from 'mongodb';
import type { DroneQuery, IncidentQuery } from '../drone-store.js';
import type { DocumentId } from './document-id.js';
import type { DroneDocument } from './drone-document.js';
import type { IncidentDocument } from './incident-document.js';
import { FIRST_TIME, LAST_TIME } from './stored-time.js';

/** MongoDB takes no NUL in a pattern, unless it is escaped. */
const escapeRegExp = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\0', '\\x00');
const startsWith = (text: string) => ({ $regex: `^${escapeRegExp(text)}`, $options: 'i' });

/**
 * Also finds documents in which the field is an array. MongoDB compares the elements of an array, the reader takes no array:
 * so these are left to whoever reads them.
 */
const orArray = (field: string, condition: Document): Document => ({
  $or: [{ [field]: condition }, { [field]: { $type: 'array' } }],
});

/** The older service left out what was false, or wrote it otherwise. */
const flagFilter = (field: string, value: boolean): Document =>
  value ? { [field]: true } : orArray(field, { $ne: true });

/** The category of a document whose own is missing or unknown. */
const OTHER_CATEGORY: DeviceCategory = 'DRONE';

function categoryFilter(category: DeviceCategory): Document {
  // The end as an assertion, because `$` also matches before a line feed.
  const is = (name: string) => ({ $regex: `^${name}(?![\\s\\S])`, $options: 'i' });
  if (category !== OTHER_CATEGORY) return { deviceCategory: is(category) };
  const others = DEVICE_CATEGORIES.filter((name) => name !== category);
  return { $and: others.map((name) => orArray('deviceCategory', { $not: is(name) })) };
}

/**
 * Finds at least the documents that are read as what `query` asks for. Whoever reads them decides, because the older service
 * wrote values that the database compares in another way than the reader.
 */
export function droneFilter(
  { category, streamIsOn, isUsingAiDetection, prefix, owned }: DroneQuery,
  after = '',
): Filter<DroneDocument> {
  return {
    // An array sorts by its smallest element, so that no page could start behind it.
    'deviceSerialNumber.0': { $exists: false },
    deviceSerialNumber: { $type: 'string', $gt: after },
    $and: [
      orArray('deletedAt', { $not: { $type: 'date' } }),
      ...(owned ? [ownedFilter('deviceSerialNumber', owned)] : []),
      ...(category ? [categoryFilter(category)] : []),
      ...(streamIsOn === undefined ? [] : [flagFilter('streamIsOn', streamIsOn)]),
      ...(isUsingAiDetection === undefined ? [] : [flagFilter('isUsingAiDetection', isUsingAiDetection)]),
      ...(prefix
        ? [
            {
              $or: ['deviceSerialNumber', 'deviceName', 'metadata.alias'].map((name) => ({
                [name]: startsWith(prefix),
              })),
            },
          ]
        : []),
    ],
  } as Filter<DroneDocument>;
}

/** Finds what has one of these serial numbers and prefixes. */
function ownedFilter(field: string, owned: ReadonlySet<string>): Document {
  const names = [...owned];
  return {
    $or: [
      { [field]: { $in: names.filter((name) => !name.endsWith('*')) } },
      ...names
        .filter((name) => name.endsWith('*'))
        .map((name) => ({ [field]: { $regex: `^${escapeRegExp(name.slice(0, -1))}` } })),
    ],
  };
}

/** Where an incident document has what incidents are sorted and found by. */
export interface IncidentKeys {
  readonly id: string;
  readonly serialNumber: string;
  readonly capturedAt: string;
}
/** As this service writes it, and in {@link IncidentDocument.readAs}. */
export const OWN_KEYS: IncidentKeys = { id: '_id', serialNumber: 'serialNumber', capturedAt: 'capturedAt' };
export const READ_KEYS: IncidentKeys = {
  id: 'readAs.id',
  serialNumber: 'readAs.serialNumber',
  capturedAt: 'readAs.capturedAt',
};

/** The values of one document's keys. */
export interface IncidentPosition {
  readonly capturedAt: Date;
  readonly id: DocumentId;
}

/** Finds at least the documents that are read as what `query` asks for, as {@link droneFilter}. */
export function incidentFilter(
  keys: IncidentKeys,
  { serialNumber, classId, from, to, owned }: IncidentQuery,
  after: IncidentPosition | undefined,
): Filter<IncidentDocument> {
  return {
    ...(keys === OWN_KEYS && { [READ_KEYS.capturedAt]: { $exists: false } }),
    ...(serialNumber !== undefined && { [keys.serialNumber]: serialNumber }),
    ...(classId !== undefined && { classId }),
    // Bounds of a type leave out all values of another one.
    [keys.capturedAt]: { $gte: from ? new Date(from) : FIRST_TIME, $lte: to ? new Date(to) : LAST_TIME },
    $and: [
      { [`${keys.capturedAt}.0`]: { $exists: false } },
      ...(owned ? [ownedFilter(keys.serialNumber, owned)] : []),
      ...(after
        ? [
            {
              $or: [
                { [keys.capturedAt]: { $lt: after.capturedAt } },
                { [keys.capturedAt]: after.capturedAt, [keys.id]: { $lt: after.id } },
              ],
            },
          ]
        : []),
    ],
  } as Filter<IncidentDocument>;
}
