import type { EventMessage, Incident } from '@dronecast/events';
import { type AnyBulkWriteOperation, type Filter, type FindCursor, ObjectId } from 'mongodb';
import type { Logger } from 'pino';
import type { Drone } from '../../drone/drone.js';
import {
  Contended,
  type DroneKey,
  type DroneStore,
  FieldTaken,
  type OutboxPosition,
  type PublishedOutbox,
  type StoredOutbox,
  StoreUnavailable,
} from '../drone-store.js';
import { NEW_OUTBOX, type NextEntry, nextEntry } from '../outbox-entry.js';
import { createPage, jsonBytes, OUTBOX_PAGE_BYTES, PAGE_BYTES, type PageBuilder } from '../page.js';
import {
  type DroneDocument,
  type EntryDocument,
  outboxBytes,
  outboxPosition,
  publicId,
  toDrone,
  toFields,
  toOutbox,
} from './drone-document.js';
import { droneFilter, incidentFilter } from './filters.js';
import { type IncidentDocument, toIncident, toIncidentDocument } from './incident-document.js';
import { createLookup } from './lookup.js';
import { createGuard, createMongoClient, type MongoOptions, unlessTaken } from './mongo-client.js';
import { prepareCollections } from './prepare.js';

/** Of the outbox only the oldest entry, which tells how much there is; nothing of what the older service embedded. */
const BRIEF = { projection: { outbox: { $slice: 1 }, incidents: 0 } } as const;

/** Documents of a list that are in memory before the first of them is counted. A drone is at most about 110 KB. */
const LIST_BATCH = 50;
/** A registration loses to others so often before it is refused. */
const MAX_ATTEMPTS = 20;

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
  const { timeoutMs: maxTimeMS } = options;
  const guard = createGuard(maxTimeMS);

  /** Nothing is written before the unique index stands, and readiness is not claimed. */
  async function prepared<T>(query: () => Promise<T>): Promise<T> {
    if (!preparation.isDone()) throw new StoreUnavailable('mongodb is not prepared yet');
    return guard(query);
  }

  /** Reads on until the page is full, a batch at a time. */
  const fill = <D, T>(
    found: FindCursor<D>,
    toItem: (document: D) => T,
    page: PageBuilder<T>,
    signal?: AbortSignal,
  ) =>
    guard(async () => {
      signal?.throwIfAborted();
      for await (const document of found) {
        signal?.throwIfAborted();
        if (!page.add(toItem(document))) break;
      }
      return page.result();
    });

  /** Adds an entry and makes a change in one write, if the outbox still stands where it stood. */
  async function commitEntry(
    { key, seq }: OutboxPosition,
    next: NextEntry,
    { $set, $unset }: { $set?: object; $unset?: Record<string, ''> },
  ): Promise<StoredOutbox | undefined> {
    const write = prepared(() =>
      drones.findOneAndUpdate(
        // A document of the older service has no seq; null also matches what is absent.
        { _id: new ObjectId(key), seq: seq === 0 ? null : seq } as Filter<DroneDocument>,
        {
          $set: { ...$set, seq: next.entry.seq, queuedBytes: next.bytesAfter },
          ...($unset && { $unset }),
          $push: { outbox: entryDocument(next) },
          $min: { pendingSince: next.entry.at },
        },
        { returnDocument: 'after', projection: next.isTail ? { _id: 1 } : { outbox: 1 } },
      ),
    );
    const after = await unlessTaken(write);
    if (!after) return undefined;
    return next.isTail ? { key, entries: [next.entry], isTail: true } : toOutbox(after);
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
    const found = await guard(() =>
      drones.find({ deviceSerialNumber: { $in: [...serialNumbers] } }, BRIEF).toArray(),
    );
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

    async register(drone, events, signal) {
      const next = nextEntry(NEW_OUTBOX, { events });
      const document: DroneDocument = {
        _id: new ObjectId(drone.id),
        ...toFields(drone),
        seq: next.entry.seq,
        queuedBytes: next.bytesAfter,
        outbox: [entryDocument(next)],
        pendingSince: next.entry.at,
      };
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        signal?.throwIfAborted();
        try {
          await unlessTaken(prepared(() => drones.insertOne(document)));
          return toOutbox(document);
        } catch (error) {
          if (!(error instanceof FieldTaken && error.field === 'deviceSerialNumber')) throw error;
        }
        const outbox = await takeOver(drone, events);
        if (outbox !== null) return outbox;
      }
      throw new Contended(`serial number ${drone.deviceSerialNumber} is taken and freed all the time`);
    },

    async find(key) {
      const document = await guard(() => findDocument(key));
      if (!document || document.deletedAt) return undefined;
      return { drone: toDrone(document), outbox: outboxPosition(document) };
    },

    list(query, signal) {
      const found = drones
        .find(droneFilter(query), {
          projection: { outbox: 0, incidents: 0 },
          batchSize: LIST_BATCH,
          maxTimeMS,
        })
        .sort({ deviceSerialNumber: 1 })
        .limit(query.limit + 1);
      const page = createPage<Drone>({ limit: query.limit, maxBytes: PAGE_BYTES, bytesOf: jsonBytes });
      return fill(found, toDrone, page, signal);
    },

    commit: async (snapshot, { drone, ...commit }) =>
      commitEntry(
        snapshot.outbox,
        nextEntry(snapshot.outbox, commit),
        drone ? { $set: toFields(drone) } : {},
      ),

    /** What the older service embedded has been copied: without it even a document at MongoDB's limit takes an event. */
    remove: async ({ outbox }, events) =>
      commitEntry(outbox, nextEntry(outbox, { events }, true), {
        $set: { deletedAt: new Date() },
        $unset: { incidents: '' },
      }),

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

    listIncidents(query, signal) {
      const found = incidents
        .find(incidentFilter(query), { batchSize: LIST_BATCH, maxTimeMS })
        .sort({ capturedAt: -1, _id: -1 })
        .limit(query.limit + 1);
      const page = createPage<Incident>({ limit: query.limit, maxBytes: PAGE_BYTES, bytesOf: jsonBytes });
      return fill(found, toIncident, page, signal);
    },

    /** Sizes first, so that no more is read than a page holds. */
    async pending(before, limit) {
      const waiting = drones
        .find({ pendingSince: { $lte: before } }, { projection: { queuedBytes: 1, 'outbox.bytesBefore': 1 } })
        .sort({ pendingSince: 1 })
        .limit(limit + 1);
      const page = createPage({ limit, maxBytes: OUTBOX_PAGE_BYTES, bytesOf: outboxBytes });
      const { items: chosen, isMore } = await fill(waiting, (document) => document, page);
      if (chosen.length === 0) return { items: [], isMore };
      const keys = chosen.map(({ _id }) => _id);
      const found = await guard(() =>
        drones.find({ _id: { $in: keys } }, { projection: { outbox: 1 } }).toArray(),
      );
      const outboxes = new Map(found.map((document) => [document._id.toHexString(), toOutbox(document)]));
      return { items: keys.flatMap((key) => outboxes.get(key.toHexString()) ?? []), isMore };
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
function acknowledgement({ key, entries }: PublishedOutbox): AnyBulkWriteOperation<DroneDocument>[] {
  const last = entries.at(-1);
  const _id = new ObjectId(key);
  // Nothing waits, whatever the document says: else it would stay the oldest for ever.
  if (!last)
    return [
      {
        updateOne: {
          filter: { _id, 'outbox.0': { $exists: false } } as Filter<DroneDocument>,
          update: { $unset: { pendingSince: '' } },
        },
      },
    ];
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
