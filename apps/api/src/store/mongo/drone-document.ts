import { DEVICE_CATEGORIES, type DeviceCategory } from '@dronecast/events';
import type { ObjectId } from 'mongodb';
import { DEFAULT_STREAM_PORT, type Drone, foldCategory } from '../../drone/drone.js';
import type { OutboxPosition, RegistrationRequest, StoredEntry, StoredOutbox } from '../drone-store.js';

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
}

/** The drone's own fields, as this service writes them. */
type DroneFields = Omit<Drone, 'id' | 'createdAt' | 'updatedAt'> & { createdAt: Date; updatedAt: Date };

/** A document as it may be found: the older service left fields out and wrote categories in any case. */
export type DroneDocument = { _id: ObjectId; deviceSerialNumber: string } & Partial<DroneFields> &
  OutboxFields;

export function toFields({ id, createdAt, updatedAt, ...fields }: Drone): DroneFields {
  return { ...fields, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) };
}

export const publicId = ({ _id, publicId }: DroneDocument): ObjectId => publicId ?? _id;

/** What the older service left blank, or called otherwise. */
const OTHER_CATEGORY: DeviceCategory = 'DRONE';

function toCategory(text: string | null | undefined): DeviceCategory {
  const category = foldCategory(text ?? '');
  return DEVICE_CATEGORIES.includes(category) ? category : OTHER_CATEGORY;
}

/** Finds the documents that {@link toDrone} reads as being of this category. */
export function categoryFilter(category: DeviceCategory) {
  const is = (name: string) => ({ deviceCategory: { $regex: `^${name}$`, $options: 'i' } });
  const others = DEVICE_CATEGORIES.filter((name) => name !== category);
  return category === OTHER_CATEGORY ? { $nor: others.map(is) } : is(category);
}

export function toDrone(document: DroneDocument): Drone {
  const { userName, password, port } = document.streamCredentials ?? {};
  const createdAt = document.createdAt ?? document._id.getTimestamp();
  return {
    id: publicId(document).toHexString(),
    deviceSerialNumber: document.deviceSerialNumber,
    deviceName: document.deviceName ?? document.deviceSerialNumber,
    deviceCategory: toCategory(document.deviceCategory),
    metadata: {
      alias: document.metadata?.alias ?? '',
      description: document.metadata?.description ?? '',
    },
    isUsingAiDetection: document.isUsingAiDetection ?? false,
    streamIsOn: document.streamIsOn ?? false,
    streamUrl: document.streamUrl ?? '',
    webRTCUrl: document.webRTCUrl ?? '',
    streamCredentials: {
      userName: userName ?? '',
      password: password ?? '',
      port: String(port ?? DEFAULT_STREAM_PORT),
    },
    cameras: document.cameras ?? [],
    detectionClasses: document.detectionClasses ?? [],
    createdAt: createdAt.toISOString(),
    updatedAt: (document.updatedAt ?? createdAt).toISOString(),
    revision: document.revision ?? 0,
  };
}

export function toRegistration(document: DroneDocument): RegistrationRequest | undefined {
  const { droneId, ...registration } = document.registration ?? {};
  return droneId === publicId(document).toHexString() ? (registration as RegistrationRequest) : undefined;
}

/** `outbox` may have been read in part, as long as its oldest entry is there. */
export function outboxPosition({
  _id,
  seq = 0,
  queuedBytes: bytes = 0,
  outbox = [],
}: DroneDocument): OutboxPosition {
  const [first] = outbox;
  const position = { key: _id.toHexString(), seq, bytes };
  return first ? { ...position, oldest: { seq: first.seq, bytes: first.bytesBefore } } : position;
}

/** Bytes of event text in the outbox. Of its entries only the oldest one has to be present. */
export const outboxBytes = ({ queuedBytes = 0, outbox = [] }: DroneDocument): number =>
  outbox[0] ? queuedBytes - outbox[0].bytesBefore : 0;

export const toOutbox = ({ _id, deviceSerialNumber, outbox = [] }: DroneDocument): StoredOutbox => ({
  key: _id.toHexString(),
  serialNumber: deviceSerialNumber,
  entries: outbox,
});
