import type { EventMessage, Incident } from '@dronecast/events';
import { type AnyBulkWriteOperation, type Filter, MongoServerError, ObjectId } from 'mongodb';
import type { Logger } from 'pino';
import type { Drone } from '../../drone/drone.js';
import {
  type DroneKey,
  type DroneQuery,
  type DroneStore,
  type IncidentQuery,
  NEW_OUTBOX,
  type NextEntry,
  nextEntry,
  type OutboxPosition,
  type StoredOutbox,
  StoreUnavailable,
} from '../drone-store.js';
import {
  categoryFilter,
  type DroneDocument,
  type EntryDocument,
  outboxPosition,
  publicId,
  toDrone,
  toFields,
  toOutbox,
} from './drone-document.js';
import { type IncidentDocument, toIncident, toIncidentDocument } from './incident-document.js';
import { createLookup } from './lookup.js';
import { createMongoClient, guard, type MongoOptions } from './mongo-client.js';
import { prepareCollections } from './prepare.js';

const DUPLICATE_KEY = 11000;

/** Of the outbox only the oldest entry, which tells how much there is. */
const BRIEF = { projection: { outbox: { $slice: 1 } } } as const;

/** MongoDB takes no NUL in a pattern, unless it is escaped. */
const escapeRegExp = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\0', '\\x00');
const startsWith = (text: string) => ({ $regex: `^${escapeRegExp(text)}`, $options: 'i' });

const entryDocument = ({ entry, bytesBefore }: NextEntry): EntryDocument => ({ ...entry, bytesBefore });

export interface MongoStoreOptions extends MongoOptions {
  readonly log: Pick<Logger, 'info' | 'error'>;
}

/**
 * Drones in MongoDB. One document per serial number holds the drone and its outbox, so that each commit is one atomic
 * write. A deleted drone's document stays until its outbox is empty, and a registration in the meantime takes it over:
 * so all events of a serial number are in one order.
 */
export function createMongoStore({ log, ...options }: MongoStoreOptions): DroneStore {
  const client = createMongoClient(options);
  const drones = client.db().collection<DroneDocument>('drones');
  const incidents = client.db().collection<IncidentDocument>('incidents');
  const preparation = prepareCollections(client, drones, incidents, log);

  /** Nothing is written before the unique index stands, and readiness is not claimed. */
  async function prepared<T>(access: () => Promise<T>): Promise<T> {
    if (!preparation.isDone()) throw new StoreUnavailable('mongodb is not prepared yet');
    return guard(access);
  }

  /** Adds an entry and makes a change in one write, if the outbox still stands where it stood. */
  async function commitEntry(
    { key, seq }: OutboxPosition,
    next: NextEntry,
    { $set, $unset }: { $set?: object; $unset?: Record<string, ''> },
  ): Promise<StoredOutbox | undefined> {
    const after = await prepared(() =>
      drones.findOneAndUpdate(
        // A document of the older service has no seq; null also matches what is absent.
        { _id: new ObjectId(key), seq: seq === 0 ? null : seq } as Filter<DroneDocument>,
        {
          $set: { ...$set, seq: next.entry.seq, queuedBytes: next.bytesAfter },
          ...($unset && { $unset }),
          $push: { outbox: entryDocument(next) },
          $min: { pendingSince: next.entry.at },
        },
        { returnDocument: 'after', projection: { outbox: 1 } },
      ),
    );
    return after ? toOutbox(after) : undefined;
  }

  /** Null when the serial number has become free; undefined when a drone holds it. */
  async function takeOver(
    drone: Drone,
    events: readonly EventMessage[],
  ): Promise<StoredOutbox | undefined | null> {
    const holder = await guard(() => drones.findOne({ deviceSerialNumber: drone.deviceSerialNumber }, BRIEF));
    if (!holder) return null;
    if (!holder.deletedAt) return undefined;
    const position = outboxPosition(holder);
    const outbox = await commitEntry(position, nextEntry(position, { events }), {
      $set: { ...toFields(drone), publicId: new ObjectId(drone.id) },
      $unset: { deletedAt: '', incidents: '' },
    });
    return outbox ?? null;
  }

  const bySerialNumber = createLookup(async (serialNumbers) => {
    const found = await drones.find({ deviceSerialNumber: { $in: [...serialNumbers] } }, BRIEF).toArray();
    return new Map(found.map((document) => [document.deviceSerialNumber, document]));
  });

  async function findDocument(key: DroneKey): Promise<DroneDocument | undefined | null> {
    if ('serialNumber' in key) return bySerialNumber(key.serialNumber);
    const id = new ObjectId(key.id);
    const document = await drones.findOne({ _id: id }, BRIEF);
    if (document && publicId(document).equals(id)) return document;
    return drones.findOne({ publicId: id }, BRIEF);
  }

  return {
    name: 'mongodb',

    async register(drone, events) {
      const next = nextEntry(NEW_OUTBOX, { events });
      const document: DroneDocument = {
        _id: new ObjectId(drone.id),
        ...toFields(drone),
        seq: next.entry.seq,
        queuedBytes: next.bytesAfter,
        outbox: [entryDocument(next)],
        pendingSince: next.entry.at,
      };
      for (;;) {
        try {
          await prepared(() => drones.insertOne(document));
          return toOutbox(document);
        } catch (error) {
          if (!(error instanceof MongoServerError && error.code === DUPLICATE_KEY)) throw error;
        }
        const outbox = await takeOver(drone, events);
        if (outbox !== null) return outbox;
      }
    },

    async find(key) {
      const document = await guard(() => findDocument(key));
      if (!document || document.deletedAt) return undefined;
      return { drone: toDrone(document), outbox: outboxPosition(document) };
    },

    async list(query) {
      const found = drones.find(droneFilter(query), { projection: { outbox: 0, incidents: 0 } });
      const documents = await guard(() => found.sort({ deviceSerialNumber: 1 }).limit(query.limit).toArray());
      return documents.map(toDrone);
    },

    commit: async (snapshot, { drone, ...commit }) =>
      commitEntry(
        snapshot.outbox,
        nextEntry(snapshot.outbox, commit),
        drone ? { $set: toFields(drone) } : {},
      ),

    remove: async ({ outbox }, events) =>
      commitEntry(outbox, nextEntry(outbox, { events }, true), { $set: { deletedAt: new Date() } }),

    async saveIncidents(saved: readonly Incident[]) {
      const operations = saved.map((incident): AnyBulkWriteOperation<IncidentDocument> => {
        const { _id, ...fields } = toIncidentDocument(incident);
        return { updateOne: { filter: { _id }, update: { $setOnInsert: fields }, upsert: true } };
      });
      if (operations.length > 0) await prepared(() => incidents.bulkWrite(operations, { ordered: false }));
    },

    async findIncident({ outbox }, id) {
      // The outbox first: what has left it in the meantime has been saved before.
      const waiting = await guard(() =>
        drones.findOne(
          { _id: new ObjectId(outbox.key), 'outbox.incident.id': id },
          { projection: { outbox: { $elemMatch: { 'incident.id': id } } } },
        ),
      );
      const [entry] = waiting?.outbox ?? [];
      if (entry?.incident) return entry.incident;
      const document = await guard(() => incidents.findOne({ _id: new ObjectId(id) }));
      return document ? toIncident(document) : undefined;
    },

    async listIncidents(query) {
      const found = incidents
        .find(incidentFilter(query))
        .sort({ capturedAt: -1, _id: -1 })
        .limit(query.limit);
      return (await guard(() => found.toArray())).map(toIncident);
    },

    async pending(before, limit) {
      const found = drones.find({ pendingSince: { $lte: before } }, { projection: { outbox: 1 } });
      return (await guard(() => found.sort({ pendingSince: 1 }).limit(limit).toArray())).map(toOutbox);
    },

    async acknowledge(outboxes) {
      const operations = outboxes.flatMap(acknowledgement);
      if (operations.length > 0) await prepared(() => drones.bulkWrite(operations, { ordered: true }));
    },

    async backlog() {
      const waiting = { pendingSince: { $exists: true } };
      const [count, oldest] = await prepared(() =>
        Promise.all([
          drones.countDocuments(waiting),
          drones.findOne(waiting, { projection: { pendingSince: 1 }, sort: { pendingSince: 1 } }),
        ]),
      );
      return { drones: count, ...(oldest?.pendingSince && { oldestAt: oldest.pendingSince }) };
    },

    async close() {
      await preparation.stop();
      await client.close();
    },
  };
}

/** If nothing was added meanwhile, the outbox is empty and a deleted drone can go; else only what is published leaves. */
function acknowledgement({ key, entries }: StoredOutbox): AnyBulkWriteOperation<DroneDocument>[] {
  const last = entries.at(-1);
  if (!last) return [];
  const _id = new ObjectId(key);
  const isLast = { _id, seq: last.seq };
  return [
    last.final
      ? { deleteOne: { filter: { ...isLast, deletedAt: { $exists: true } } } }
      : { updateOne: { filter: isLast, update: { $set: { outbox: [] }, $unset: { pendingSince: '' } } } },
    {
      updateOne: {
        filter: { _id, seq: { $gt: last.seq }, 'outbox.seq': { $lte: last.seq } },
        update: { $pull: { outbox: { seq: { $lte: last.seq } } }, $max: { pendingSince: last.at } },
      },
    },
  ];
}

function droneFilter({
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

function incidentFilter({
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
