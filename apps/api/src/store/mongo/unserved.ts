import type { Collection, Document, Filter } from 'mongodb';
import type { Logger } from 'pino';
import { BSON_TYPES, toText } from './document-id.js';
import type { DroneDocument } from './drone-document.js';

/** Documents that are named in a line of the log. */
const MAX_NAMED = 10;

const OTHER_TYPES = BSON_TYPES.filter((type) => type !== 'string');
const UNSERVED = {
  $or: [{ $type: OTHER_TYPES }, null, ''].map((deviceSerialNumber): Document => ({ deviceSerialNumber })),
} as Filter<DroneDocument>;

/** Logs which documents no list shows, because they have no serial number: no list would read them to find out. */
export async function tellOfUnserved(
  drones: Collection<DroneDocument>,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const found = await drones.find(UNSERVED, { projection: { _id: 1 }, limit: MAX_NAMED + 1 }).toArray();
  if (found.length === 0) return;
  log.warn(
    { documents: found.slice(0, MAX_NAMED).map(({ _id }) => toText(_id)), areAll: found.length <= MAX_NAMED },
    'documents in the drones collection are left out, because their deviceSerialNumber is missing or no string',
  );
}
