import type { Collection, Document, Filter } from 'mongodb';
import { ObjectId } from 'mongodb';
import { BSON_TYPES, type DocumentId, OTHER_ID } from './document-id.js';
import { type IncidentDocument, type IncidentKey, readIncident } from './incident-document.js';
import type { OddFields } from './odd-fields.js';
import { FIRST_TIME, LAST_TIME } from './stored-time.js';
import type { TryWrite } from './try-write.js';

/** Documents that are read and written at once. */
const AT_ONCE = 500;

const typesBut = (type: (typeof BSON_TYPES)[number]) => BSON_TYPES.filter((other) => other !== type);

/** What lists would not find, or not where it belongs. Each part is a range of an index. */
const NOT_LISTED = {
  readAs: { $exists: false },
  $or: [
    { capturedAt: { $type: typesBut('date') } },
    ...[{ capturedAt: null }, { capturedAt: { $lt: FIRST_TIME } }, { capturedAt: { $gt: LAST_TIME } }],
    { serialNumber: { $type: typesBut('string') } },
    ...[{ serialNumber: null }, { serialNumber: '' }],
    OTHER_ID,
  ],
} satisfies Document as Filter<IncidentDocument>;

export interface OlderIncidentsDependencies {
  readonly incidents: Collection<IncidentDocument>;
  readonly tryWrite: TryWrite;
  readonly oddFields: OddFields;
}

/**
 * Gives documents of the older service's own `incidents` collection what lists find and sort them by, in a field of its own:
 * so the older service finds all its fields as they were.
 */
export async function addIncidentKeys({
  incidents,
  tryWrite,
  oddFields,
}: OlderIncidentsDependencies): Promise<void> {
  let keys: { readonly _id: DocumentId; readonly readAs: IncidentKey }[] = [];
  const write = async (): Promise<void> => {
    const operations = keys.map(({ _id, readAs }) => ({
      updateOne: { filter: { _id }, update: { $set: { readAs } } },
    }));
    keys = [];
    await tryWrite(incidents, operations);
  };
  for await (const document of incidents.find(NOT_LISTED, { batchSize: AT_ONCE })) {
    const incident = readIncident(document, oddFields('incidents', document));
    if (!incident) continue;
    const { id, serialNumber, capturedAt } = incident;
    const readAs = { id: new ObjectId(id), serialNumber, capturedAt: new Date(capturedAt) };
    if (keys.push({ _id: document._id, readAs }) === AT_ONCE) await write();
  }
  await write();
}
