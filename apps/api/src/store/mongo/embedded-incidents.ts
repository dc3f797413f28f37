import { createHash } from 'node:crypto';
import { BSON, type Collection, type Document, ObjectId } from 'mongodb';
import type { Logger } from 'pino';
import { type DocumentId, timeOf } from './document-id.js';
import { type DroneDocument, readDrone } from './drone-document.js';
import { type Fields, ignore } from './fields.js';
import {
  embeddedId,
  fromEmbedded,
  type IncidentDocument,
  isEmbedded,
  type NewIncident,
  NOT_EMBEDDED,
} from './incident-document.js';
import { isAway } from './mongo-client.js';
import type { OddFields } from './odd-fields.js';
import { NO_TIME } from './stored-time.js';
import type { TryWrite } from './try-write.js';

/** Embedded incidents that are read and copied at once, because a document may hold 16 MiB of them. */
const COPIED_AT_ONCE = 500;

/** What tells whether a document's embedded incidents are copied, without reading them all. */
interface Summary {
  readonly _id: DocumentId;
  readonly copiedIncidents?: unknown;
  readonly count: number;
  readonly last: unknown;
}

const SUMMARY: Document[] = [
  { $match: { 'incidents.0': { $exists: true }, incidents: { $type: 'array' } } },
  {
    $project: {
      copiedIncidents: 1,
      count: { $size: '$incidents' },
      last: { $arrayElemAt: ['$incidents', -1] },
    },
  },
];

/** Whatever the older service adds at either end, or takes away at one and adds at the other, makes another mark. */
const toMark = (count: number, last: unknown): string =>
  `${count}:${createHash('sha256').update(BSON.serialize({ last })).digest('hex').slice(0, 24)}`;

export interface EmbeddedIncidentsDependencies {
  readonly drones: Collection<DroneDocument>;
  readonly incidents: Collection<IncidentDocument>;
  readonly tryWrite: TryWrite;
  readonly oddFields: OddFields;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Copies incidents that the older service embedded in its drones to the collection where they can be queried. The originals
 * stay. A mark in the drone's document says what has been copied.
 */
export function createEmbeddedIncidents({
  drones,
  incidents,
  tryWrite,
  oddFields,
  log,
}: EmbeddedIncidentsDependencies) {
  /** Resolves with false when the database refuses some of them. */
  async function copy(holder: DroneDocument, elements: readonly unknown[], start: number): Promise<boolean> {
    const tell = oddFields('drones', holder);
    const { deviceSerialNumber: serialNumber, createdAt } = readDrone(holder, ignore);
    if (serialNumber === '') return true;
    const madeAt = holder.createdAt === undefined ? timeOf(holder._id) : new Date(createdAt);
    const copies = elements.flatMap((element, index): NewIncident[] => {
      const at = `/incidents/${start + index}`;
      if (isEmbedded(element)) return [fromEmbedded(element, { serialNumber, madeAt }, at, tell)];
      tell(at, NOT_EMBEDDED);
      return [];
    });
    await removeMadeUp(elements, serialNumber);
    return tryWrite(
      incidents,
      copies.map(({ _id, ...fields }) => ({
        updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true },
      })),
    );
  }

  /** Earlier versions took a reference for an incident without any content. */
  async function removeMadeUp(elements: readonly unknown[], serialNumber: string): Promise<void> {
    const references = elements.filter((element) => element instanceof ObjectId);
    if (references.length === 0) return;
    const ids = references.map((reference) => embeddedId(reference as unknown as Fields, serialNumber));
    await incidents.deleteMany({ _id: { $in: ids }, capturedAt: NO_TIME, imageUrl: '' });
  }

  async function copyAll(_id: DocumentId): Promise<void> {
    let isWritten = true;
    let mark: string | undefined;
    for (let start = 0, isMore = true; isMore; start += COPIED_AT_ONCE) {
      const projection = {
        ...{ deviceSerialNumber: 1, createdAt: 1, updatedAt: 1 },
        incidents: { $slice: [start, COPIED_AT_ONCE] },
      };
      const holder = await drones.findOne({ _id }, { projection });
      const elements: unknown[] = Array.isArray(holder?.incidents) ? holder.incidents : [];
      if (holder && elements.length > 0) {
        isWritten = (await copy(holder, elements, start)) && isWritten;
        mark = toMark(start + elements.length, elements.at(-1));
      }
      isMore = elements.length === COPIED_AT_ONCE;
    }
    if (isWritten && mark !== undefined)
      await tryWrite(drones, [
        { updateOne: { filter: { _id }, update: { $set: { copiedIncidents: mark } } } },
      ]);
  }

  /** Of all drones, or of those that `match` finds. Of one whose embedded incidents are copied, it reads the last one only. */
  return async function copyEmbedded(match: Document = {}): Promise<void> {
    const failures: unknown[] = [];
    for await (const { _id, copiedIncidents, count, last } of drones.aggregate<Summary>([
      { $match: match },
      ...SUMMARY,
    ])) {
      try {
        if (copiedIncidents !== toMark(count, last)) await copyAll(_id);
      } catch (error) {
        if (isAway(error)) throw error;
        failures.push(error);
      }
    }
    if (failures.length > 0)
      log.warn(
        { err: failures[0], documents: failures.length },
        'embedded incidents of some drones cannot be copied; they are left out of lists',
      );
  };
}

export type CopyEmbedded = ReturnType<typeof createEmbeddedIncidents>;
