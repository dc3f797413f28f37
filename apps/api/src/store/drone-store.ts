import type { Outbox, OutboxEntry } from '@dronecast/bus';
import type { DeviceCategory, EventMessage, Incident } from '@dronecast/events';
import type { Drone } from '../drone/drone.js';
import type { Page } from './page.js';

/** A commit's events, and the incident that they tell of, until both are where they belong. */
export interface StoredEntry extends OutboxEntry {
  /** When it was committed, by the clock of the process that did. */
  readonly at: Date;
  readonly incident?: Incident;
  /** Set on the entry that deletes the drone. */
  readonly final?: true;
}

export interface StoredOutbox extends Outbox {
  readonly key: string;
  readonly serialNumber: string;
  readonly entries: readonly StoredEntry[];
}

/** Consecutive entries of one outbox that the bus has. */
export interface PublishedRange {
  readonly key: string;
  /** The first and the last entry's seq; a range with `last` below `first` is empty. */
  readonly first: number;
  readonly last: number;
  /** The last entry's: a commit that has taken its seq is another one, and is not acknowledged by this. */
  readonly name: string | undefined;
  /** Whether it ends with the entry that deletes the drone. */
  readonly isFinal: boolean;
}

export interface PendingQuery {
  /** Younger outboxes are left out, unless their age is unknown because the clock of their writer is ahead. */
  readonly before: Date;
  readonly limit: number;
  /** Outboxes to leave out, by key. */
  readonly skip?: (key: string) => boolean;
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

/** The request that registered a drone, so that a retry of it is recognized. */
export interface RegistrationRequest {
  /** Its `Idempotency-Key`. */
  readonly key: string;
  /** The caller's; absent without tokens. */
  readonly subject?: string;
  /** Of its body. */
  readonly hash: string;
  readonly at: Date;
}

/** A drone as it was read. A later commit takes effect only if nothing came in between. */
export interface Snapshot {
  readonly drone: Drone;
  /** Absent when the drone was registered without a key. It is no part of the drone, and never shown. */
  readonly registration?: RegistrationRequest;
  readonly outbox: OutboxPosition;
  /** The store's own: what it has read, so that a commit writes only what changes. */
  readonly source?: unknown;
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
 * promise resolves. While the database is unavailable, any method rejects with {@link StoreUnavailable}. `register`,
 * `commit` and `remove` reject with {@link OutcomeUnknown} when the commit may still have been carried out.
 */
export interface DroneStore {
  /** What an operator calls it. */
  readonly name: string;
  /**
   * Adds a drone with its first events. Resolves with the entry that it has added, as a tail of its outbox; so do `commit`
   * and `remove`. Keeps `registration` until the drone is deleted. Undefined when the serial number is taken. Rejects with
   * {@link FieldTaken}.
   */
  register(
    drone: Drone,
    events: readonly EventMessage[],
    signal?: AbortSignal,
    registration?: RegistrationRequest,
  ): Promise<StoredOutbox | undefined>;
  find(key: DroneKey): Promise<Snapshot | undefined>;
  /** In order of serial number, at most `PAGE_BYTES` of JSON unless one drone is larger. */
  list(query: DroneQuery, signal?: AbortSignal): Promise<Page<Drone>>;
  /**
   * Undefined when the drone has changed or gone since the snapshot. Rejects with {@link OutboxFull} when too much of
   * this drone is waiting for the bus, and with {@link FieldTaken}.
   */
  commit(snapshot: Snapshot, commit: Commit): Promise<StoredOutbox | undefined>;
  /** Deletes the drone; its outbox stays until it is acknowledged. Undefined and rejects as `commit`. */
  remove(snapshot: Snapshot, events: readonly EventMessage[]): Promise<StoredOutbox | undefined>;

  /** Adding again what is there changes nothing. */
  saveIncidents(incidents: readonly Incident[]): Promise<void>;
  /** Also finds an incident that is committed to the drone's outbox but not saved yet. */
  findIncident(snapshot: Snapshot, id: string): Promise<Incident | undefined>;
  /** Newest `capturedAt` first, bounded in bytes as `list`. */
  listIncidents(query: IncidentQuery, signal?: AbortSignal): Promise<Page<Incident>>;

  /**
   * Whole outboxes that wait, the oldest first; at most `limit` of them, and `OUTBOX_PAGE_BYTES` of event text unless one
   * outbox is larger. Only what survives a failover is read. One without entries is to be acknowledged as an empty range.
   */
  pending(query: PendingQuery): Promise<Page<StoredOutbox>>;
  /** All that waits of one outbox, with its `head`, as `pending`. Undefined when nothing does. */
  readOutbox(key: string): Promise<StoredOutbox | undefined>;
  /** Forgets what the bus has. */
  acknowledge(ranges: readonly PublishedRange[]): Promise<void>;
  backlog(): Promise<Backlog>;
  close(): Promise<void>;
}

export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
}

/** The database was asked to commit and did not answer, so it may have. */
export class OutcomeUnknown extends StoreUnavailable {
  override readonly name = 'OutcomeUnknown';
}

/** A serial number that more than one document has. */
export interface SharedSerialNumber {
  readonly serialNumber: string;
  /** Their `_id`s as text. */
  readonly documents: string[];
}

/** Nothing can be written, because it is not known which document a serial number means. */
export class SharedSerialNumbers extends StoreUnavailable {
  override readonly name = 'SharedSerialNumbers';

  constructor(readonly serialNumbers: readonly SharedSerialNumber[]) {
    const named = serialNumbers.map(
      ({ serialNumber, documents }) => `${serialNumber} (${documents.join(', ')})`,
    );
    super(`documents share a serial number: ${named.join('; ')}`);
  }
}

export class OutboxFull extends Error {
  override readonly name = 'OutboxFull';
}

/** A unique index other than the serial number's already has this value. The older service may have created one. */
export class FieldTaken extends Error {
  override readonly name = 'FieldTaken';

  /** `field` is a path with dots, such as `metadata.alias`. */
  constructor(readonly field: string) {
    super(`${field} is taken`);
  }
}
