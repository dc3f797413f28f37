import type { FieldError } from '@dronecast/runtime';
import type { Collection, Db } from 'mongodb';
import { toText } from '../store/mongo/document-id.js';
import type { DroneDocument } from '../store/mongo/drone-document.js';
import type { IncidentDocument } from '../store/mongo/incident-document.js';
import type { CollectionName } from '../store/mongo/indexes.js';
import { inspectCollection, inspectDrone, inspectIncident } from './inspection.js';

export interface Finding extends FieldError {
  readonly collection: CollectionName;
  /** The document's `_id` as text, `index <name>`, or `-` for the collection as a whole. */
  readonly id: string;
  readonly serialNumber: unknown;
}

export interface Report {
  readonly documents: number;
  /** Documents, and collections as a whole, with at least one finding. */
  readonly unfit: number;
}

export type TellFinding = (finding: Finding) => void;

/** Says of each serial number that another document has had before, who has it. */
function createHolders() {
  const holders = new Map<unknown, string>();
  return function inspect(id: string, serialNumber: unknown): FieldError[] {
    if (typeof serialNumber !== 'string') return [];
    const holder = holders.get(serialNumber);
    if (holder !== undefined)
      return [{ pointer: '/deviceSerialNumber', message: `is also that of ${holder}` }];
    holders.set(serialNumber, id);
    return [];
  };
}

/**
 * Reads the older service's collections once and hands each finding to `tell`. Serial numbers that stand twice are found
 * whatever the order; the second document and those after it are named.
 */
export async function reportOn(db: Db, tell: TellFinding): Promise<Report> {
  const existing = new Map((await db.listCollections().toArray()).map((info) => [info.name, info]));
  const findHolder = createHolders();
  let documents = 0;
  let unfit = 0;

  async function inspectAll<D extends { readonly _id: unknown }>(
    collection: CollectionName,
    inspect: (document: D) => { readonly serialNumber: unknown; readonly errors: readonly FieldError[] },
  ): Promise<void> {
    const info = existing.get(collection);
    if (!info) return;
    const found = db.collection(collection);
    const faults = inspectCollection(collection, info, await indexesOf(found, info.type));
    for (const { name: id, message } of faults)
      tell({ collection, id, serialNumber: undefined, pointer: '', message });
    if (faults.length > 0) unfit += 1;
    for await (const document of found.find() as unknown as AsyncIterable<D>) {
      const { serialNumber, errors } = inspect(document);
      const id = toText(document._id);
      documents += 1;
      for (const error of errors) tell({ collection, id, serialNumber, ...error });
      if (errors.length > 0) unfit += 1;
    }
  }

  await inspectAll<DroneDocument>('drones', (document) => {
    const { _id, deviceSerialNumber: serialNumber } = document;
    return {
      serialNumber,
      errors: [...inspectDrone(document), ...findHolder(toText(_id), serialNumber)],
    };
  });
  await inspectAll<IncidentDocument>('incidents', (document) => ({
    serialNumber: document.serialNumber ?? document.deviceSerialNumber,
    errors: inspectIncident(document),
  }));
  return { documents, unfit };
}

/** A view has none. */
const indexesOf = (collection: Collection, type: string | undefined) =>
  type === 'view' ? [] : collection.indexes();
