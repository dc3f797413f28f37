import type { EventMessage, StreamId } from '@dronecast/events';

/** Events of one commit. `seq` grows by 1 per entry of an outbox. */
export interface OutboxEntry {
  readonly seq: number;
  /**
   * Random. Tells a commit from another one with the same seq, which a database gives again when it has lost commits, by a
   * rollback or because a backup was restored. Entries of earlier versions have none.
   */
  readonly name?: string | undefined;
  readonly events: readonly EventMessage[];
}

/** Committed events that the bus may not have yet, oldest first. */
export interface Outbox {
  /** Names the sequence that `seq` counts. Undefined: nobody publishes this again, so the bus need not remember it. */
  readonly key: string | undefined;
  readonly entries: readonly OutboxEntry[];
  /** Older entries may wait: the bus takes these only if it has published what comes right before them. */
  readonly isTail?: true;
  /** The last seq that the database knew when the outbox was read from it. */
  readonly head?: number | undefined;
  /**
   * Where the outbox was read because the bus had said that it is behind: the seq that the bus had published by then. If
   * `head` is less, the database has lost commits, and the bus begins a new epoch. (What was published after that may well
   * be above `head`: another process has published what was committed since.)
   */
  readonly behind?: number | undefined;
  /** Seconds after which the bus may forget the key. Absent: when {@link EventBus.forget} was called for it. */
  readonly ttlSeconds?: number | undefined;
}

/** A published event as it stands in the history; `frame` is the very text that live subscribers got. */
export interface HistoryEvent {
  readonly id: StreamId;
  readonly channel: string;
  readonly frame: Buffer;
}

export interface HistoryPage {
  /** Names this life of the history; a new one starts when the bus has lost its data. */
  readonly epoch: string;
  /** Whatever came after a place that is not before `floor` is still there. */
  readonly floor: StreamId;
  /** The last event's place. */
  readonly newest: StreamId;
  /** False when the place that was asked for should be here and is not: it is of a history that was lost. */
  readonly isKnown: boolean;
  /** The bus's clock, in ms since 1970, by which it gives ids. */
  readonly now: number;
  readonly events: readonly HistoryEvent[];
}

export interface LiveListener {
  /** The live feed runs from now on. What was published before this call may have been missed. */
  connected(): void;
  disconnected(): void;
  /**
   * Called in the order of publishing, for each event once, on its own channel. `payload` is ours only if it starts as
   * a frame of the epoch.
   */
  message(channel: string, payload: Buffer): void;
}

/** Carries events from those who commit to those who watch. */
export interface EventBus {
  /** What an operator calls it. */
  readonly name: string;
  /**
   * Adds what it has not seen yet to the history and to the live feed, in order; publishing again is harmless. Resolves with
   * the keys of the outboxes that were not taken because something older may wait, and the last seq that was published of
   * each: they must be read again from the database, and published whole with that seq as `behind`. Rejects with
   * {@link BusUnavailable} while the bus takes nothing from anybody, and with another error when it refuses one of these
   * outboxes. It may have taken some of them then.
   */
  publish(outboxes: readonly Outbox[]): Promise<ReadonlyMap<string, number>>;
  /** The outboxes of these keys have ended, and the database has forgotten them. Rejects when the bus is away. */
  forget(keys: readonly string[]): Promise<void>;
  /**
   * Events after a position, oldest first: at most `limit` (0 for the bounds alone) and about {@link MAX_PAGE_BYTES} of
   * text, but at least one if there is any. There are more unless the last one's id is `newest`. Rejects when the bus
   * is away.
   */
  read(after: StreamId, limit: number): Promise<HistoryPage>;
  /**
   * The last broadcasts, newest first: at most `limit`, each the very text that live subscribers got. At most
   * {@link MAX_BROADCASTS} and {@link MAX_BROADCASTS_BYTES} are kept, and the newest whatever its size. A new epoch removes
   * none. What publishers of earlier versions announced is missing. Rejects when the bus is away.
   */
  readBroadcasts(limit: number): Promise<readonly string[]>;
  /**
   * Brings the history within its limits; for those who publish, about once a second, whether they have published or not.
   * A full bus gets room by it. Rejects when the bus is away or stays full.
   */
  trim(): Promise<void>;
  /** Starts a new life of the history, unless `epoch` is past already. Rejects when the bus is away. */
  renew(epoch: string): Promise<void>;
  /** Follows all channels of ours but the copies; reconnects by itself until `unsubscribe`. */
  subscribe(listener: LiveListener): { unsubscribe(): Promise<void> };
  /**
   * Whether `holder` has the lease of a name, for `ms` from now on. It saves work that several processes would do
   * twice, or tells that a name is in use. Nothing may depend on it: a bus that loses its data loses its leases, and the
   * one in memory keeps only the last 10,000. Rejects when the bus is away.
   */
  lease(name: string, holder: string, ms: number): Promise<boolean>;
  /** False while the bus is known to be away. */
  isReady(): boolean;
  /** True while the bus takes nothing because its memory is full. */
  isFull(): boolean;
  close(): Promise<void>;
}

/** The bus is away, full, or lacks replicas: it will take the same outboxes later. */
export class BusUnavailable extends Error {
  override readonly name = 'BusUnavailable';
}

/** How much history is kept, whichever bound is met first. */
export interface HistoryLimits {
  readonly maxEvents: number;
  readonly maxAgeHours: number;
  /** Of memory. Default: 64 MiB in this process, 256 MiB in Redis. */
  readonly maxBytes?: number | undefined;
}

/** A page of the history ends before the event whose text would exceed this, unless that is its first one. */
export const MAX_PAGE_BYTES = 256 * 1024;

/** Broadcasts that are kept apart from the history, and the bytes of their text in all. */
export const MAX_BROADCASTS = 100;
export const MAX_BROADCASTS_BYTES = 1024 * 1024;
