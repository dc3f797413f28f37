import type { Outbox, OutboxEntry } from '@dronecast/bus';
import type { DeviceCategory, EventMessage, Incident } from '@dronecast/events';
import type { Drone } from '../drone/drone.js';

/** A commit's events, and the incident that they tell of, until both are where they belong. */
export interface StoredEntry extends OutboxEntry {
  /** When it was committed. */
  readonly at: Date;
  readonly incident?: Incident;
}

export interface StoredOutbox extends Outbox {
  readonly entries: readonly StoredEntry[];
}

/** By id or by serial number. */
export type DroneKey = { readonly id: string } | { readonly serialNumber: string };

/** Where an outbox stood when its drone was read. Counted over its whole life, so `seq` changes with every commit. */
export interface OutboxPosition {
  readonly key: string;
  /** The last entry's. */
  readonly seq: number;
  /** Bytes of event text up to and including the last entry. */
  readonly bytes: number;
  /** Where the oldest entry that still waits begins; absent when none does. */
  readonly oldest?: { readonly seq: number; readonly bytes: number };
}

/** A drone as it was read. A later commit takes effect only if nothing came in between. */
export interface Snapshot {
  readonly drone: Drone;
  readonly outbox: OutboxPosition;
}

export interface Commit {
  /** The drone's new state; absent when only events are added. */
  readonly drone?: Drone;
  readonly events: readonly EventMessage[];
  readonly incident?: Incident;
}

/** Serial numbers and prefixes (`abc*`) that a list is restricted to; absent for all. */
interface OwnedQuery {
  readonly owned?: ReadonlySet<string>;
}

export interface DroneQuery extends OwnedQuery {
  readonly category?: DeviceCategory;
  readonly streamIsOn?: boolean;
  readonly isUsingAiDetection?: boolean;
  /** Start of the serial number, name or alias, in any case. */
  readonly prefix?: string;
  /** The last serial number of the page before. */
  readonly after?: string;
  readonly limit: number;
}

/** A place between two incidents: `capturedAt` and id of the one before it. */
export interface IncidentPlace {
  readonly capturedAt: string;
  readonly id: string;
}

export interface IncidentQuery extends OwnedQuery {
  readonly serialNumber?: string;
  readonly classId?: number;
  /** Inclusive bounds of `capturedAt`, ISO 8601 in UTC. */
  readonly from?: string;
  readonly to?: string;
  readonly after?: IncidentPlace;
  readonly limit: number;
}

/** Commits that the bus has not acknowledged. */
export interface Backlog {
  readonly drones: number;
  readonly oldestAt?: Date;
}

/**
 * Keeps drones together with their outboxes: a change and its events commit in one atomic write, durable when the
 * promise resolves. Any method rejects with {@link StoreUnavailable} while the database is away.
 */
export interface DroneStore {
  /** What an operator calls it. */
  readonly name: string;
  /** Adds a drone with its first events. Undefined when the serial number is taken. */
  register(drone: Drone, events: readonly EventMessage[]): Promise<StoredOutbox | undefined>;
  find(key: DroneKey): Promise<Snapshot | undefined>;
  /** In order of serial number. */
  list(query: DroneQuery): Promise<Drone[]>;
  /**
   * Undefined when the drone has changed or gone since the snapshot. Rejects with {@link OutboxFull} when too much of
   * this drone is waiting for the bus.
   */
  commit(snapshot: Snapshot, commit: Commit): Promise<StoredOutbox | undefined>;
  /** Deletes the drone; its outbox stays until it is acknowledged. Undefined and rejects as `commit`. */
  remove(snapshot: Snapshot, events: readonly EventMessage[]): Promise<StoredOutbox | undefined>;

  /** Adding again what is there changes nothing. */
  saveIncidents(incidents: readonly Incident[]): Promise<void>;
  /** Also finds an incident that is committed to the drone's outbox but not saved yet. */
  findIncident(snapshot: Snapshot, id: string): Promise<Incident | undefined>;
  /** Newest `capturedAt` first. */
  listIncidents(query: IncidentQuery): Promise<Incident[]>;

  /** Outboxes that have waited since `before` or longer, the oldest first. */
  pending(before: Date, limit: number): Promise<StoredOutbox[]>;
  /** Forgets what the bus has of these outboxes. */
  acknowledge(outboxes: readonly StoredOutbox[]): Promise<void>;
  backlog(): Promise<Backlog>;
  close(): Promise<void>;
}

export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';
}

/** A drone's outbox holds at most so many entries, and stops growing at so many bytes of event text. */
const MAX_ENTRIES = 1000;
const MAX_BYTES = 2 * 1024 * 1024;

export interface NextEntry {
  readonly entry: StoredEntry;
  /** The outbox's {@link OutboxPosition.bytes} before and after the entry. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** The entry that a commit adds. Throws {@link OutboxFull}. */
export function nextEntry(
  { seq, bytes, oldest }: Omit<OutboxPosition, 'key'>,
  { events, incident }: Pick<Commit, 'events' | 'incident'>,
  isFinal = false,
): NextEntry {
  if (oldest && (seq - oldest.seq + 1 >= MAX_ENTRIES || bytes - oldest.bytes >= MAX_BYTES))
    throw new OutboxFull();
  const added = events.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  return {
    entry: {
      seq: seq + 1,
      at: new Date(),
      events,
      ...(incident && { incident }),
      ...(isFinal && { final: true }),
    },
    bytesBefore: bytes,
    bytesAfter: bytes + added,
  };
}

/** An outbox before its first entry. */
export const NEW_OUTBOX = { seq: 0, bytes: 0 } as const;
