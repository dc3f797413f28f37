import { type Filter, ObjectId } from 'mongodb';
import type { DroneQuery, IncidentQuery } from '../drone-store.js';
import { categoryFilter, type DroneDocument } from './drone-document.js';
import type { IncidentDocument } from './incident-document.js';

/** MongoDB takes no NUL in a pattern, unless it is escaped. */
const escapeRegExp = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\0', '\\x00');
const startsWith = (text: string) => ({ $regex: `^${escapeRegExp(text)}`, $options: 'i' });

export function droneFilter({
  category,
  streamIsOn,
  isUsingAiDetection,
  prefix,
  after,
  owned,
}: DroneQuery): Filter<DroneDocument> {
  return {
    deletedAt: { $exists: false },
    ...(owned && { $and: [ownedFilter('deviceSerialNumber', owned)] }),
    ...(after !== undefined && { deviceSerialNumber: { $gt: after } }),
    ...(category && categoryFilter(category)),
    // The older service left out what was false.
    ...(streamIsOn !== undefined && { streamIsOn: streamIsOn ? true : { $ne: true } }),
    ...(isUsingAiDetection !== undefined && {
      isUsingAiDetection: isUsingAiDetection ? true : { $ne: true },
    }),
    ...(prefix && {
      $or: ['deviceSerialNumber', 'deviceName', 'metadata.alias'].map((name) => ({
        [name]: startsWith(prefix),
      })),
    }),
  } as Filter<DroneDocument>;
}

/** Finds what has one of these serial numbers and prefixes. */
function ownedFilter(field: string, owned: ReadonlySet<string>) {
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

export function incidentFilter({
  serialNumber,
  classId,
  from,
  to,
  after,
  owned,
}: IncidentQuery): Filter<IncidentDocument> {
  const capturedAt = { ...(from && { $gte: new Date(from) }), ...(to && { $lte: new Date(to) }) };
  return {
    ...(serialNumber !== undefined && { serialNumber }),
    ...(owned && { $and: [ownedFilter('serialNumber', owned)] }),
    ...(classId !== undefined && { classId }),
    ...((from || to) && { capturedAt }),
    ...(after && {
      $or: [
        { capturedAt: { $lt: new Date(after.capturedAt) } },
        { capturedAt: new Date(after.capturedAt), _id: { $lt: new ObjectId(after.id) } },
      ],
    }),
  };
}
