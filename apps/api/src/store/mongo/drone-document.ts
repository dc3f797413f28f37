import { isDeepStrictEqual } from 'node:util';
import { ObjectId } from 'mongodb';
import { DEFAULT_STREAM_PORT, type Drone } from '../../drone/drone.js';
import type { OutboxPosition, RegistrationRequest, StoredEntry, StoredOutbox } from '../drone-store.js';
import { type DocumentId, NO_OBJECT_ID, timeOf, toKey, toPublicId } from './document-id.js';
import {
  CATEGORY,
  CLASS_ID,
  COUNT,
  createReader,
  DATE,
  FLAG,
  ignore,
  isCount,
  isFields,
  type Kind,
  OBJECT,
  OBJECT_ID,
  PORT,
  SERIAL_NUMBER,
  TEXT,
  type Tell,
  TIME,
} from './fields.js';
import { NO_TIME } from './stored-time.js';

/** An entry, and how many bytes of event text were ever queued before it. */
export interface EntryDocument extends StoredEntry {
  readonly bytesBefore: number;
}

/** What the outbox needs beside the drone. All of it is absent in a document that the older service wrote. */
export interface OutboxFields {
  /** Set while this registration is not the document's first: then `_id` was another drone's id. */
  publicId?: ObjectId;
  /** The last entry's. */
  seq?: number;
  /** Bytes of event text ever queued. */
  queuedBytes?: number;
  outbox?: EntryDocument[];
  /** Since when the oldest entry has waited, or somewhat earlier; absent while the outbox is empty. */
  pendingSince?: Date;
  /** The drone is gone; the document goes when its outbox is empty. */
  deletedAt?: Date;
  /** Of the drone with this id: an earlier version that deletes the drone leaves it in the document of the next one. */
  registration?: RegistrationRequest & { readonly droneId: string };
  /** Which embedded incidents have been copied. */
  copiedIncidents?: string;
}

/** The drone's own fields, as this service writes them. */
type DroneFields = Omit<Drone, 'id' | 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

/** A document as it may be found: the older service left fields out, and wrote others with other types. */
export type DroneDocument = { _id: DocumentId } & {
  [K in keyof (DroneFields & OutboxFields) | 'incidents']?: unknown;
};

export function toFields({ id, createdAt, updatedAt, ...fields }: Drone): DroneFields {
  return { ...fields, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

const ENTRY: Kind<EntryDocument> = {
  expected: 'an entry of an outbox',
  read(value) {
    if (!isFields(value) || !isCount(value.seq) || !(value.at instanceof Date)) return undefined;
    const { events } = value;
    const isEvents =
      Array.isArray(events) &&
      events.every(
        (event) => isFields(event) && typeof event.channel === 'string' && typeof event.body === 'string',
      );
    return isEvents ? (value as unknown as EntryDocument) : undefined;
  },
};

const REGISTRATION: Kind<NonNullable<OutboxFields['registration']>> = {
  expected: 'the request that registered the drone',
  read: (value) =>
    isFields(value) &&
    typeof value.key === 'string' &&
    typeof value.hash === 'string' &&
    value.at instanceof Date
      ? (value as unknown as NonNullable<OutboxFields['registration']>)
      : undefined,
};

/** The outbox's own fields. Of its entries only the oldest one has to be there. */
export function readOutbox(document: DroneDocument, tell: Tell = ignore) {
  const { take, takeAll } = createReader(document, '', tell);
  const state = {
    publicId: take('publicId', OBJECT_ID, undefined),
    seq: take('seq', COUNT, 0),
    queuedBytes: take('queuedBytes', COUNT, 0),
    entries: takeAll('outbox', ENTRY),
    pendingSince: take('pendingSince', DATE, undefined),
    deletedAt: take('deletedAt', DATE, undefined),
    registration: take('registration', REGISTRATION, undefined),
    copiedIncidents: take('copiedIncidents', TEXT, ''),
  };
  if (state.deletedAt && state.seq === 0) tell('/deletedAt', 'is a date: the drone is read as deleted');
  return state;
}

export const isDeleted = ({ deletedAt }: DroneDocument): boolean => deletedAt instanceof Date;

export const publicId = ({ _id, publicId }: DroneDocument): ObjectId =>
  OBJECT_ID.read(publicId) ?? toPublicId(_id);

/** The one reader of a drone's fields. What is missing or of a wrong type is its default. */
export function readDrone(document: DroneDocument, tell: Tell): Drone {
  const { take, takeAll } = createReader(document, '', tell);
  if (!(document._id instanceof ObjectId)) tell('/_id', NO_OBJECT_ID);
  const serialNumber = take('deviceSerialNumber', SERIAL_NUMBER, '');
  const metadata = createReader(take('metadata', OBJECT, {}), '/metadata', tell);
  const credentials = createReader(take('streamCredentials', OBJECT, {}), '/streamCredentials', tell);
  const createdAt = take('createdAt', TIME, timeOf(document._id));
  const updatedAt = take('updatedAt', TIME, createdAt ?? NO_TIME);
  return {
    id: publicId(document).toHexString(),
    deviceSerialNumber: serialNumber,
    deviceName: take('deviceName', TEXT, serialNumber),
    deviceCategory: take('deviceCategory', CATEGORY, 'DRONE'),
    metadata: {
      alias: metadata.take('alias', TEXT, ''),
      description: metadata.take('description', TEXT, ''),
    },
    isUsingAiDetection: take('isUsingAiDetection', FLAG, false),
    streamIsOn: take('streamIsOn', FLAG, false),
    streamUrl: take('streamUrl', TEXT, ''),
    webRTCUrl: take('webRTCUrl', TEXT, ''),
    streamCredentials: {
      userName: credentials.take('userName', TEXT, ''),
      password: credentials.take('password', TEXT, ''),
      port: credentials.take('port', PORT, DEFAULT_STREAM_PORT),
    },
    cameras: takeAll('cameras', TEXT),
    detectionClasses: [...new Set(takeAll('detectionClasses', CLASS_ID))],
    createdAt: (createdAt ?? updatedAt).toISOString(),
    updatedAt: updatedAt.toISOString(),
    revision: take('revision', COUNT, 0),
  };
}

/** Undefined when the document has no serial number: then no event could tell of it. */
export function toDrone(document: DroneDocument, tell: Tell): Drone | undefined {
  const drone = readDrone(document, tell);
  return drone.deviceSerialNumber === '' ? undefined : drone;
}

/**
 * The fields that a document needs to be read as `after`, with dots for nested ones. What stays as it is read stays as it
 * is stored, so that no value is lost that the reader could not take.
 */
export function changedFields(document: DroneDocument, after: Drone): Record<string, unknown> {
  const before: Readonly<Record<string, unknown>> = readDrone(document, ignore);
  const stored: Readonly<Record<string, unknown>> = document;
  const fields: Readonly<Record<string, unknown>> = toFields(after);
  const next: Readonly<Record<string, unknown>> = after;
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      if (isDeepStrictEqual(before[name], next[name])) return [];
      const inner = before[name];
      if (!isFields(value) || !isFields(inner) || !isFields(stored[name])) return [[name, value]];
      return Object.entries(value)
        .filter(([member, changed]) => !isDeepStrictEqual(inner[member], changed))
        .map(([member, changed]) => [`${name}.${member}`, changed]);
    }),
  );
}

export function toRegistration(document: DroneDocument): RegistrationRequest | undefined {
  const { registration } = readOutbox(document);
  if (registration?.droneId !== publicId(document).toHexString()) return undefined;
  const { droneId, ...request } = registration;
  return request;
}

/** `outbox` may have been read in part, as long as its oldest entry is there. */
export function outboxPosition(document: DroneDocument): OutboxPosition {
  const {
    seq,
    queuedBytes: bytes,
    entries: [first],
  } = readOutbox(document);
  const position = { key: toKey(document._id), seq, bytes };
  return first ? { ...position, oldest: { seq: first.seq, bytes: first.bytesBefore } } : position;
}

/**
 * What a commit changes about the outbox, and the document as it must still be for that. What is not an outbox of this service
 * gives way to one.
 */
export function appended(document: DroneDocument, entry: EntryDocument) {
  const { outbox, pendingSince, seq } = document;
  const isOurs = outbox === undefined || (Array.isArray(outbox) && outbox.every((item) => ENTRY.read(item)));
  const isTime = pendingSince === undefined || pendingSince instanceof Date;
  return {
    // Null also matches what is absent, as in a document of the older service.
    filter: { _id: document._id, seq: { $eq: isCount(seq) ? entry.seq - 1 : (seq ?? null) } },
    $set: { ...(!isOurs && { outbox: [entry] }), ...(!isTime && { pendingSince: entry.at }) },
    ...(isOurs && { $push: { outbox: entry } }),
    ...(isTime && { $min: { pendingSince: entry.at } }),
  };
}

/** Bytes of event text in the outbox. Of its entries only the oldest one has to be present, and of that its `bytesBefore`. */
export function outboxBytes({ queuedBytes, outbox }: DroneDocument): number {
  const first: unknown = Array.isArray(outbox) ? outbox[0] : undefined;
  if (!isFields(first) || !isCount(first.bytesBefore) || !isCount(queuedBytes)) return 0;
  return Math.max(0, queuedBytes - first.bytesBefore);
}

export const toOutbox = (document: DroneDocument): StoredOutbox => ({
  key: toKey(document._id),
  serialNumber: SERIAL_NUMBER.read(document.deviceSerialNumber) ?? '',
  entries: readOutbox(document).entries,
});
