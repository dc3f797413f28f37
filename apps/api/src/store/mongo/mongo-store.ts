import type { EventMessage, Incident } from '@dronecast/events';
import { type AnyBulkWriteOperation, type Filter, type FindCursor, ObjectId } from 'mongodb';
import type { Logger } from 'pino';
import type { Drone } from '../../drone/drone.js';
import { jsonBytes } from '../../drone/event-size.js';
import {
  type DroneKey,
  type DroneStore,
  FieldTaken,
  type OutboxPosition,
  type PublishedRange,
  type RegistrationRequest,
  type StoredOutbox,
  StoreUnavailable,
} from '../drone-store.js';
import { NEW_OUTBOX, type NextEntry, nextEntry } from '../outbox-entry.js';
import { createPage, OUTBOX_PAGE_BYTES, PAGE_BYTES, type PageBuilder } from '../page.js';
import {
  type DroneDocument,
  type EntryDocument,
  outboxBytes,
  outboxPosition,
  publicId,
  toDrone,
  toFields,
  toOutbox,
  toRegistration,
} from './drone-document.js';
import { droneFilter, incidentFilter } from './filters.js';
import { type IncidentDocument, toIncident, toIncidentDocument } from './incident-document.js';
import { createLookup } from './lookup.js';
import { createGuard, createMongoClient, type MongoOptions, unlessTaken } from './mongo-client.js';
import { prepareCollections } from './prepare.js';

/** Of the outbox only the oldest entry, which tells the outbox's size. Without the older service's embedded incidents. */
const BRIEF = { projection: { outbox: { $slice: 1 }, incidents: 0 } } as const;

/**
 * What was committed by majority: no failover takes it back. From the primary, which has all that this process has written.
 */
const WHOLE_OUTBOX = {
  projection: { outbox: 1, deviceSerialNumber: 1, seq: 1 },
  readConcern: { level: 'majority' },
  readPreference: 'primary',
} as const;

/** Documents that a list reads at once. A drone that this service wrote is at most about 110 KB. */
const LIST_BATCH = 100;
/**
 * Attempts to register a serial number before it counts as taken. There may be no document to take over: others register
 * and delete it in turns, or the older service's unique index ignores case.
 */
const MAX_ATTEMPTS = 10;

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

  /** Reads on until the page is full, a batch at a time. `toItem` gives undefined for what the page leaves out. */
  const fill = <D, T>(
    found: FindCursor<D>,
    toItem: (document: D) => T | undefined,
    page: PageBuilder<T>,
    signal?: AbortSignal,
  ) =>
    guard(async () => {
      signal?.throwIfAborted();
      for await (const document of found) {
        signal?.throwIfAborted();
        const item = toItem(document);
        if (item !== undefined && !page.add(item)) break;
      }
      return page.result();
    });

  /** Adds an entry and makes a change in one write, if the outbox still stands where it stood. */
  async function commitEntry(
    serialNumber: string,
    { key, seq }: OutboxPosition,
    next: NextEntry,
    { $set, $unset }: { $set?: object; $unset?: Record<string, ''> },
  ): Promise<StoredOutbox | undefined> {
    const write = prepared(() =>
      drones.updateOne(
        // A document of the older service has no seq; null also matches what is absent.
        { _id: new ObjectId(key), seq: seq === 0 ? null : seq } as Filter<DroneDocument>,
        {
          $set: { ...$set, seq: next.entry.seq, queuedBytes: next.bytesAfter },
          ...($unset && { $unset }),
          $push: { outbox: entryDocument(next) },
          $min: { pendingSince: next.entry.at },
        },
      ),
    );
    const { matchedCount } = await unlessTaken(write);
    return matchedCount === 0 ? undefined : { key, serialNumber, entries: [next.entry], isTail: true };
  }

  /** Null when the serial number has become free; undefined when a drone holds it. */
  async function takeOver(
    drone: Drone,
    events: readonly EventMessage[],
    registration: RegistrationRequest | undefined,
  ): Promise<StoredOutbox | undefined | null> {
    const holder = await guard(() => drones.findOne({ deviceSerialNumber: drone.deviceSerialNumber }, BRIEF));
    if (!holder) return null;
    if (!holder.deletedAt) return undefined;
    const position = outboxPosition(holder);
    const next = nextEntry(position, { events });
    const outbox = await commitEntry(drone.deviceSerialNumber, position, next, {
      $set: {
        ...toFields(drone),
        publicId: new ObjectId(drone.id),
        ...(registration && { registration: { ...registration, droneId: drone.id } }),
      },
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

    async register(drone, events, signal, registration) {
      const next = nextEntry(NEW_OUTBOX, { events });
      const document: DroneDocument = {
        _id: new ObjectId(drone.id),
        ...toFields(drone),
        seq: next.entry.seq,
        queuedBytes: next.bytesAfter,
        outbox: [entryDocument(next)],
        pendingSince: next.entry.at,
        ...(registration && { registration: { ...registration, droneId: drone.id } }),
      };
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        signal?.throwIfAborted();
        try {
          await unlessTaken(prepared(() => drones.insertOne(document)));
          const { _id, deviceSerialNumber: serialNumber } = document;
          return { key: _id.toHexString(), serialNumber, entries: [next.entry], isTail: true };
        } catch (error) {
          if (!(error instanceof FieldTaken && error.field === 'deviceSerialNumber')) throw error;
        }
        const outbox = await takeOver(drone, events, registration);
        if (outbox !== null) return outbox;
      }
      return undefined;
    },

    async find(key) {
      const document = await guard(() => findDocument(key));
      if (!document || document.deletedAt) return undefined;
      const registration = toRegistration(document);
      return {
        drone: toDrone(document),
        outbox: outboxPosition(document),
        ...(registration && { registration }),
      };
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
        snapshot.drone.deviceSerialNumber,
        snapshot.outbox,
        nextEntry(snapshot.outbox, commit),
        drone ? { $set: toFields(drone) } : {},
      ),

    /** Embedded incidents have been copied. Removing them makes room for the event in a document of nearly 16 MiB. */
    remove: async ({ drone, outbox }, events) =>
      commitEntry(drone.deviceSerialNumber, outbox, nextEntry(outbox, { events }, true), {
        $set: { deletedAt: new Date() },
        $unset: { incidents: '', registration: '' },
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
    async pending({ before, limit, skip = () => false }) {
      const isDue = { $or: [{ pendingSince: { $lte: before } }, { pendingSince: { $gt: new Date() } }] };
      const waiting = drones
        .find(isDue, { projection: { queuedBytes: 1, 'outbox.bytesBefore': 1 }, batchSize: limit + 1 })
        .sort({ pendingSince: 1 });
      const page = createPage({ limit, maxBytes: OUTBOX_PAGE_BYTES, bytesOf: outboxBytes });
      const choose = (document: DroneDocument) => (skip(document._id.toHexString()) ? undefined : document);
      const { items: chosen, isMore } = await fill(waiting, choose, page);
      if (chosen.length === 0) return { items: [], isMore };
      const keys = chosen.map(({ _id }) => _id);
      const found = await guard(() => drones.find({ _id: { $in: keys } }, WHOLE_OUTBOX).toArray());
      const outboxes = new Map(found.map((document) => [document._id.toHexString(), toOutbox(document)]));
      return { items: keys.flatMap((key) => outboxes.get(key.toHexString()) ?? []), isMore };
    },

    async readOutbox(key) {
      const document = await guard(() => drones.findOne({ _id: new ObjectId(key) }, WHOLE_OUTBOX));
      return document?.outbox?.length ? { ...toOutbox(document), head: document.seq } : undefined;
    },

    async acknowledge(ranges) {
      const operations = ranges.flatMap(acknowledgement);
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

/**
 * Takes the range out of the outbox. The document of a deleted drone goes when its outbox is empty; until then it counts as
 * waiting, so that the sweeper finds it also when its last entry was acknowledged before another one.
 */
function acknowledgement({
  key,
  first,
  last,
  name,
  isFinal,
}: PublishedRange): AnyBulkWriteOperation<DroneDocument>[] {
  const _id = new ObjectId(key);
  const isEmpty = { _id, 'outbox.0': { $exists: false } } as Filter<DroneDocument>;
  const deletion = { deleteOne: { filter: { ...isEmpty, deletedAt: { $exists: true } } } };
  if (last < first)
    return [deletion, { updateOne: { filter: isEmpty, update: { $unset: { pendingSince: '' } } } }];
  const others = { $or: [{ $lt: ['$$entry.seq', first] }, { $gt: ['$$entry.seq', last] }] };
  const oldestAt = { $let: { vars: { oldest: { $arrayElemAt: ['$outbox', 0] } }, in: '$$oldest.at' } };
  const whenEmpty = { $cond: [{ $ifNull: ['$deletedAt', false] }, '$pendingSince', '$$REMOVE'] };
  const removal = {
    updateOne: {
      // Null also matches an entry of an earlier version, which has no name.
      filter: { _id, outbox: { $elemMatch: { seq: last, name: name ?? null } } } as Filter<DroneDocument>,
      update: [
        { $set: { outbox: { $filter: { input: '$outbox', as: 'entry', cond: others } } } },
        {
          $set: {
            pendingSince: { $cond: [{ $size: '$outbox' }, oldestAt, whenEmpty] },
          },
        },
      ],
    },
  };
  return isFinal ? [removal, deletion] : [removal];
}
