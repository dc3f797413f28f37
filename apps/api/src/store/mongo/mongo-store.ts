import type { EventMessage, Incident } from '@dronecast/events';
import { type AnyBulkWriteOperation, type Document, type Filter, type FindCursor, ObjectId } from 'mongodb';
import type { Logger } from 'pino';
import type { Drone } from '../../drone/drone.js';
import { jsonBytes } from '../../drone/event-size.js';
import {
  type DroneKey,
  type DroneStore,
  FieldTaken,
  type IncidentQuery,
  type PublishedRange,
  type RegistrationRequest,
  type Snapshot,
  type StoredOutbox,
} from '../drone-store.js';
import { matchesDrone, matchesIncident } from '../matching.js';
import { NEW_OUTBOX, type NextEntry, nextEntry } from '../outbox-entry.js';
import { createPage, OUTBOX_PAGE_BYTES, PAGE_BYTES, type Page, type PageBuilder } from '../page.js';
import { fromKey, OTHER_ID, toKey } from './document-id.js';
import {
  appended,
  changedFields,
  type DroneDocument,
  type EntryDocument,
  isDeleted,
  outboxBytes,
  outboxPosition,
  publicId,
  readOutbox,
  toDrone,
  toFields,
  toOutbox,
  toRegistration,
} from './drone-document.js';
import { createEmbeddedIncidents } from './embedded-incidents.js';
import { MAX_COUNT } from './fields.js';
import {
  droneFilter,
  type IncidentKeys,
  type IncidentPosition,
  incidentFilter,
  OWN_KEYS,
  READ_KEYS,
} from './filters.js';
import {
  type IncidentDocument,
  type IncidentKey,
  readIncident,
  toIncidentDocument,
} from './incident-document.js';
import { createLookup } from './lookup.js';
import { createGuard, createMongoClient, type MongoOptions, unlessTaken } from './mongo-client.js';
import { createOddFields } from './odd-fields.js';
import { addIncidentKeys } from './older-incidents.js';
import { prepareCollections } from './prepare.js';
import { createTryWrite } from './try-write.js';
import { tellOfUnserved } from './unserved.js';

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

/** Without documents that have the serial number in an array. */
const holderOf = (serialNumber: string | { $in: string[] }): Filter<DroneDocument> =>
  ({ deviceSerialNumber: serialNumber, 'deviceSerialNumber.0': { $exists: false } }) as Filter<DroneDocument>;

const entryDocument = ({ entry, bytesBefore }: NextEntry): EntryDocument => ({ ...entry, bytesBefore });

export interface MongoStoreOptions extends MongoOptions {
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
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
  const oddFields = createOddFields(log);
  const tryWrite = createTryWrite(log);
  const copyEmbedded = createEmbeddedIncidents({ drones, incidents, tryWrite, oddFields, log });
  const preparation = prepareCollections({
    client,
    drones: client.db().collection('drones'),
    incidents: client.db().collection('incidents'),
    async adopt() {
      await tellOfUnserved(drones, log);
      await copyEmbedded();
      await addIncidentKeys({ incidents, tryWrite, oddFields });
    },
    log,
  });
  const { timeoutMs: maxTimeMS } = options;
  const guard = createGuard(maxTimeMS);

  /** Nothing is written before the unique index stands, and readiness is not claimed. */
  async function prepared<T>(query: () => Promise<T>, kind?: 'commit'): Promise<T> {
    preparation.assertDone();
    return guard(query, kind);
  }

  /**
   * Reads on until the page is full, a batch at a time. `toItem` gives undefined for what the page leaves out. Resolves with
   * the last document, and how many there were.
   */
  async function fill<D, T>(
    found: FindCursor<D>,
    toItem: (document: D) => T | undefined,
    page: PageBuilder<T>,
    signal?: AbortSignal,
  ) {
    let count = 0;
    let last: D | undefined;
    let isFull = false;
    signal?.throwIfAborted();
    for await (const document of found) {
      signal?.throwIfAborted();
      const item = toItem(document);
      isFull = item !== undefined && !page.add(item);
      if (isFull) break;
      count += 1;
      last = document;
    }
    return { count, last, isFull };
  }

  /** Adds an entry and makes a change in one write, if the outbox still stands where it stood. */
  async function commitEntry(
    serialNumber: string,
    document: DroneDocument,
    next: NextEntry,
    { $set, $unset }: { $set?: object; $unset?: Record<string, ''> },
  ): Promise<StoredOutbox | undefined> {
    const { filter, ...append } = appended(document, entryDocument(next));
    const update = {
      ...append,
      $set: { ...$set, ...append.$set, seq: next.entry.seq, queuedBytes: next.bytesAfter },
      ...($unset && { $unset }),
    };
    const write = prepared(
      () => drones.updateOne(filter as Filter<DroneDocument>, update as Document),
      'commit',
    );
    const { matchedCount } = await unlessTaken(write);
    if (matchedCount === 0) return undefined;
    return { key: toKey(document._id), serialNumber, entries: [next.entry], isTail: true };
  }

  const sourceOf = ({ source }: Snapshot): DroneDocument => source as DroneDocument;

  /** Null when the serial number has become free; undefined when a drone holds it. */
  async function takeOver(
    drone: Drone,
    events: readonly EventMessage[],
    registration: RegistrationRequest | undefined,
  ): Promise<StoredOutbox | undefined | null> {
    const holder = await guard(() => drones.findOne(holderOf(drone.deviceSerialNumber), BRIEF));
    if (!holder) return null;
    if (!isDeleted(holder)) return undefined;
    const next = nextEntry(outboxPosition(holder), { events });
    const outbox = await commitEntry(drone.deviceSerialNumber, holder, next, {
      $set: {
        ...toFields(drone),
        publicId: new ObjectId(drone.id),
        ...(registration && { registration: { ...registration, droneId: drone.id } }),
      },
      $unset: { deletedAt: '', incidents: '', copiedIncidents: '' },
    });
    return outbox ?? null;
  }

  const bySerialNumber = createLookup(async (serialNumbers) => {
    const found = await guard(() => drones.find(holderOf({ $in: [...serialNumbers] }), BRIEF).toArray());
    return new Map(found.map((document) => [String(document.deviceSerialNumber), document]));
  });

  async function findDocument(key: DroneKey): Promise<DroneDocument | undefined | null> {
    if ('serialNumber' in key) return bySerialNumber(key.serialNumber);
    const id = new ObjectId(key.id);
    const isMeant = (document: DroneDocument): boolean => publicId(document).equals(id);
    const document = await drones.findOne({ _id: id }, BRIEF);
    if (document && isMeant(document)) return document;
    const later = await drones.findOne({ publicId: id }, BRIEF);
    if (later) return later;
    // An id that is derived cannot be looked up. Only the older service made such documents.
    for await (const other of drones.find(OTHER_ID as Filter<DroneDocument>, {
      projection: { publicId: 1 },
      maxTimeMS,
    }))
      if (isMeant(other)) return drones.findOne({ _id: other._id }, BRIEF);
    return undefined;
  }

  /**
   * Reads a page by one query after another, each behind the last document of the one before, until the page is full:
   * because the reader may leave out some of what the database finds.
   */
  const fillPage = <D extends Document, T, A>(
    { limit, after }: { readonly limit: number; readonly after?: A | undefined },
    find: (after: A | undefined, count: number) => FindCursor<D>,
    toPlace: (document: D) => A,
    toItem: (document: D) => T | undefined,
    signal?: AbortSignal,
  ): Promise<Page<T>> =>
    guard(async () => {
      const page = createPage<T>({ limit, maxBytes: PAGE_BYTES, bytesOf: jsonBytes });
      for (let place = after, wanted = limit + 1; ; wanted = LIST_BATCH) {
        const { count, last, isFull } = await fill(find(place, wanted), toItem, page, signal);
        if (isFull || count < wanted || last === undefined) return page.result();
        place = toPlace(last);
      }
    });

  /** A page of the documents that are sorted by these keys. */
  function listBy(keys: IncidentKeys, query: IncidentQuery, signal?: AbortSignal): Promise<Page<Incident>> {
    const toItem = (document: IncidentDocument): Incident | undefined => {
      // Another type of _id sorts apart from the others: by what it is read as, it is in order.
      if (keys === OWN_KEYS && !(document._id instanceof ObjectId)) return undefined;
      const incident = readIncident(document, oddFields('incidents', document));
      return incident && matchesIncident(incident, query) ? incident : undefined;
    };
    const toPosition = (document: IncidentDocument): IncidentPosition => {
      const key = keys === READ_KEYS ? (document.readAs as IncidentKey) : undefined;
      return { capturedAt: key?.capturedAt ?? (document.capturedAt as Date), id: key?.id ?? document._id };
    };
    const start: IncidentPosition | undefined = query.after && {
      capturedAt: new Date(query.after.capturedAt),
      id: new ObjectId(query.after.id),
    };
    return fillPage(
      { limit: query.limit, after: start },
      (after, count) =>
        incidents
          .find(incidentFilter(keys, query, after), { batchSize: LIST_BATCH, maxTimeMS })
          .sort({ [keys.capturedAt]: -1, [keys.id]: -1 })
          .limit(count),
      toPosition,
      toItem,
      signal,
    );
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
          await unlessTaken(prepared(() => drones.insertOne(document), 'commit'));
          const serialNumber = drone.deviceSerialNumber;
          return { key: drone.id, serialNumber, entries: [next.entry], isTail: true };
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
      if (!document || isDeleted(document)) return undefined;
      const tell = oddFields('drones', document);
      const drone = toDrone(document, tell);
      if (!drone) return undefined;
      readOutbox(document, tell);
      const registration = toRegistration(document);
      return {
        drone,
        outbox: outboxPosition(document),
        ...(registration && { registration }),
        source: document,
      };
    },

    list: (query, signal) =>
      fillPage(
        query,
        (after, count) =>
          drones
            .find(droneFilter(query, after), {
              projection: { outbox: 0, incidents: 0 },
              batchSize: LIST_BATCH,
              maxTimeMS,
            })
            .sort({ deviceSerialNumber: 1 })
            .limit(count),
        ({ deviceSerialNumber }) => deviceSerialNumber as string,
        (document) => {
          if (isDeleted(document)) return undefined;
          const drone = toDrone(document, oddFields('drones', document));
          return drone && matchesDrone(drone, query) ? drone : undefined;
        },
        signal,
      ),

    commit: async (snapshot, { drone, ...commit }) => {
      const document = sourceOf(snapshot);
      const next = nextEntry(snapshot.outbox, commit);
      const changes = drone ? { $set: changedFields(document, drone) } : {};
      return commitEntry(snapshot.drone.deviceSerialNumber, document, next, changes);
    },

    /** What is embedded is copied first. Removing it makes room for the event in a document of nearly 16 MiB. */
    async remove(snapshot, events) {
      const document = sourceOf(snapshot);
      const next = nextEntry(snapshot.outbox, { events }, true);
      await prepared(() => copyEmbedded({ _id: document._id }));
      return commitEntry(snapshot.drone.deviceSerialNumber, document, next, {
        $set: { deletedAt: new Date() },
        $unset: { incidents: '', copiedIncidents: '', registration: '' },
      });
    },

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
          { _id: fromKey(outbox.key), 'outbox.incident.id': id },
          { projection: { outbox: { $elemMatch: { 'incident.id': id } } } },
        ),
      );
      const entry = waiting && readOutbox(waiting).entries.find(({ incident }) => incident?.id === id);
      if (entry?.incident) return entry.incident;
      const document = await guard(() => incidents.findOne({ _id: new ObjectId(id) }));
      return document ? readIncident(document, oddFields('incidents', document)) : undefined;
    },

    async listIncidents(query, signal) {
      const [own, older] = await Promise.all([
        listBy(OWN_KEYS, query, signal),
        listBy(READ_KEYS, query, signal),
      ]);
      return older.items.length === 0 ? own : mergePages(own, older, query.limit);
    },

    /** Sizes first, so that no more is read than a page holds. */
    async pending({ before, limit, skip = () => false }) {
      const isDue = { $or: [{ pendingSince: { $lte: before } }, { pendingSince: { $gt: new Date() } }] };
      const waiting = drones
        .find(isDue, { projection: { queuedBytes: 1, 'outbox.bytesBefore': 1 }, batchSize: limit + 1 })
        .sort({ pendingSince: 1 });
      const page = createPage({ limit, maxBytes: OUTBOX_PAGE_BYTES, bytesOf: outboxBytes });
      const choose = (document: DroneDocument) => (skip(toKey(document._id)) ? undefined : document);
      await guard(() => fill(waiting, choose, page));
      const { items: chosen, isMore } = page.result();
      if (chosen.length === 0) return { items: [], isMore };
      const ids = chosen.map(({ _id }) => _id);
      const found = await guard(() => drones.find({ _id: { $in: ids } }, WHOLE_OUTBOX).toArray());
      const outboxes = new Map(found.map((document) => [toKey(document._id), toOutbox(document)]));
      return { items: ids.flatMap((id) => outboxes.get(toKey(id)) ?? []), isMore };
    },

    async readOutbox(key) {
      const document = await guard(() => drones.findOne({ _id: fromKey(key) }, WHOLE_OUTBOX));
      if (!document) return undefined;
      const outbox = toOutbox(document);
      return outbox.entries.length > 0 ? { ...outbox, head: readOutbox(document).seq } : undefined;
    },

    async acknowledge(ranges) {
      const operations = ranges.flatMap(acknowledgement);
      if (operations.length > 0) await prepared(() => drones.bulkWrite(operations, { ordered: true }));
    },

    async backlog() {
      const waiting = { pendingSince: { $type: 'date' } } as Filter<DroneDocument>;
      const [count, oldest] = await prepared(() =>
        Promise.all([
          drones.countDocuments(waiting),
          drones.findOne(waiting, { projection: { pendingSince: 1 }, sort: { pendingSince: 1 } }),
        ]),
      );
      const oldestAt = oldest && readOutbox(oldest).pendingSince;
      return { drones: count, ...(oldestAt && { oldestAt }) };
    },

    async close() {
      await preparation.stop();
      await client.close();
    },
  };
}

/** Both pages as one. What is behind the end of a page that has more is left to the next one. */
function mergePages(a: Page<Incident>, b: Page<Incident>, limit: number): Page<Incident> {
  const place = ({ capturedAt, id }: Incident): string => `${capturedAt} ${id}`;
  const ends = [a, b].flatMap(({ items, isMore }) => {
    const last = items.at(-1);
    return isMore && last ? [place(last)] : [];
  });
  const isWithin = (incident: Incident): boolean => ends.every((end) => place(incident) >= end);
  const all = [...a.items, ...b.items].sort((one, other) => (place(one) < place(other) ? 1 : -1));
  const page = createPage<Incident>({ limit, maxBytes: PAGE_BYTES, bytesOf: jsonBytes });
  const isWhole = all.every((incident) => isWithin(incident) && page.add(incident));
  const { items } = page.result();
  return { items, isMore: !isWhole || ends.length > 0 };
}

/** An element of an outbox as this service writes it. */
const SOME_ENTRY = { seq: { $gte: 0 }, at: { $type: 'date' }, events: { $type: 'array' } };

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
  const _id = fromKey(key);
  const isEmpty = { _id, outbox: { $not: { $elemMatch: SOME_ENTRY } } } as Filter<DroneDocument>;
  const deletion = { deleteOne: { filter: { ...isEmpty, deletedAt: { $type: 'date' } } as typeof isEmpty } };
  if (last < first)
    return [deletion, { updateOne: { filter: isEmpty, update: { $unset: { pendingSince: '' } } } }];
  // Two-sided, because MongoDB also compares values of different types: so what is no entry goes, too.
  const others = {
    $or: [
      { $and: [{ $gte: ['$$entry.seq', 0] }, { $lt: ['$$entry.seq', first] }] },
      { $and: [{ $gt: ['$$entry.seq', last] }, { $lte: ['$$entry.seq', MAX_COUNT] }] },
    ],
  };
  const oldestAt = { $let: { vars: { oldest: { $arrayElemAt: ['$outbox', 0] } }, in: '$$oldest.at' } };
  const isDeleted = { $eq: [{ $type: '$deletedAt' }, 'date'] };
  const whenEmpty = { $cond: [isDeleted, '$pendingSince', '$$REMOVE'] };
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
