import {
  compareStreamIds,
  type EventMessage,
  formatCursor,
  STREAM_START,
  type StreamId,
  SYSTEM_BROADCAST_CHANNEL,
  withId,
} from '@dronecast/events';
import { createEpoch } from './epoch.js';
import {
  type EventBus,
  type HistoryEvent,
  type HistoryLimits,
  type LiveListener,
  MAX_BROADCASTS,
  MAX_BROADCASTS_BYTES,
  MAX_PAGE_BYTES,
  type Outbox,
  type OutboxEntry,
} from './event-bus.js';
import { judge, type Published } from './order.js';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;
/** What an event takes beside its text. */
const EVENT_BYTES = 300;
/** So many finished keys are remembered, so that publishing their last entry again stays harmless. */
const MAX_FINISHED = 10_000;
/** So many leases are kept, those that were taken last. */
const MAX_LEASES = 10_000;
/** Of the last commits of an outbox. */
const MAX_NAMES = 4;

const NOTHING_PUBLISHED: Published = { seq: 0, names: new Map() };

/** The bus of a single process. Its history and broadcasts live as long as the process, so each start is a new epoch. */
export function createMemoryBus({
  maxEvents,
  maxAgeHours,
  maxBytes = DEFAULT_MAX_BYTES,
}: HistoryLimits): EventBus {
  let epoch = createEpoch();
  const listeners = new Set<LiveListener>();
  const published = new Map<string, Published>();
  const finished = new Set<string>();
  const leases = new Map<string, { holder: string; until: number }>();
  /** Before `start` all has expired and is undefined, so that the array keeps none of it in memory. */
  let history: (HistoryEvent | undefined)[] = [];
  let start = 0;
  let bytes = 0;
  let newest = STREAM_START;
  let floor = STREAM_START;
  /** Newest first. */
  let broadcasts: readonly Buffer[] = [];

  function nextId(): StreamId {
    const ms = Date.now();
    return ms > newest.ms ? { ms, n: 0 } : { ms: newest.ms, n: newest.n + 1 };
  }

  function append({ channel, body }: EventMessage): void {
    newest = nextId();
    const frame = Buffer.from(withId(formatCursor({ epoch, id: newest }), body));
    history.push({ id: newest, channel, frame });
    bytes += frame.length + EVENT_BYTES;
    if (channel === SYSTEM_BROADCAST_CHANNEL) broadcasts = keepNewest([frame, ...broadcasts]);
    for (const listener of listeners) deliver(listener, channel, frame);
  }

  function beginEpoch(): void {
    epoch = createEpoch();
    history = [];
    start = 0;
    bytes = 0;
    floor = STREAM_START;
  }

  /**
   * What is new in an outbox; undefined when something older may wait. A new epoch takes the place of `oldEpoch` alone: what
   * the same call has published in the new one must stay.
   */
  function takeNew(key: string, outbox: Outbox, oldEpoch: string): readonly OutboxEntry[] | undefined {
    let { seq, names } = published.get(key) ?? NOTHING_PUBLISHED;
    let verdict = judge(outbox, { seq, names });
    if (verdict === 'forgotten') {
      if (epoch === oldEpoch) beginEpoch();
      published.delete(key);
      ({ seq, names } = NOTHING_PUBLISHED);
      verdict = judge(outbox, NOTHING_PUBLISHED);
    }
    if (verdict === 'behind') return undefined;
    const entries = outbox.entries.filter((entry) => entry.seq > seq);
    const last = entries.at(-1);
    if (!last) return entries;
    const all = [...names, ...entries.flatMap((e): [number, string][] => (e.name ? [[e.seq, e.name]] : []))];
    published.set(key, { seq: last.seq, names: new Map(all.slice(-MAX_NAMES)) });
    finished.delete(key);
    return entries;
  }

  function forgetFinished(): void {
    for (const key of finished) {
      if (finished.size <= MAX_FINISHED) return;
      finished.delete(key);
      published.delete(key);
    }
  }

  function trim(): void {
    const oldest = Date.now() - maxAgeHours * 3_600_000;
    for (let first = history[start]; first; first = history[start]) {
      const isOver = history.length - start > maxEvents || bytes > maxBytes;
      if (!isOver && first.id.ms >= oldest) break;
      bytes -= first.frame.length + EVENT_BYTES;
      history[start] = undefined;
      start += 1;
      floor = history[start]?.id ?? newest;
    }
    if (start > 1024 && start > history.length / 2) {
      history = history.slice(start);
      start = 0;
    }
  }

  /** Index of the first event after a place. */
  function indexAfter(place: StreamId): number {
    let low = start;
    let high = history.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const event = history[middle];
      if (event && compareStreamIds(event.id, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function pageFrom(index: number, limit: number): HistoryEvent[] {
    const page: HistoryEvent[] = [];
    let pageBytes = 0;
    for (let event = history[index]; event && page.length < limit; event = history[index + page.length]) {
      pageBytes += event.frame.length;
      if (page.length > 0 && pageBytes > MAX_PAGE_BYTES) break;
      page.push(event);
    }
    return page;
  }

  return {
    name: 'memory',

    async publish(outboxes) {
      const behind = new Map<string, number>();
      const oldEpoch = epoch;
      for (const outbox of outboxes) {
        const { key, entries, ttlSeconds } = outbox;
        if (entries.length === 0) continue;
        const fresh = key === undefined ? entries : takeNew(key, outbox, oldEpoch);
        for (const { events } of fresh ?? []) {
          for (const event of events) append(event);
          trim();
        }
        if (key !== undefined && !fresh) behind.set(key, published.get(key)?.seq ?? 0);
        if (key !== undefined && ttlSeconds !== undefined) finished.add(key);
      }
      forgetFinished();
      return behind;
    },

    async forget(keys) {
      for (const key of keys) finished.add(key);
      forgetFinished();
    },

    async read(after, limit) {
      const from = indexAfter(after);
      const event = from > start ? history[from - 1] : undefined;
      const isThere = event !== undefined && compareStreamIds(event.id, after) === 0;
      const isKnown = isThere || compareStreamIds(after, floor) <= 0;
      return { epoch, floor, newest, isKnown, now: Date.now(), events: pageFrom(from, limit) };
    },

    async readBroadcasts(limit) {
      return broadcasts.slice(0, limit).map((frame) => frame.toString());
    },

    async trim() {
      trim();
    },

    async renew(past) {
      if (past === epoch) beginEpoch();
    },

    subscribe(listener) {
      listeners.add(listener);
      queueMicrotask(() => {
        if (listeners.has(listener)) listener.connected();
      });
      return {
        async unsubscribe() {
          listeners.delete(listener);
        },
      };
    },

    async lease(name, holder, ms) {
      const lease = leases.get(name);
      if (lease && lease.holder !== holder && lease.until > Date.now()) return false;
      leases.delete(name);
      leases.set(name, { holder, until: Date.now() + ms });
      for (const oldest of leases.keys()) {
        if (leases.size <= MAX_LEASES) break;
        leases.delete(oldest);
      }
      return true;
    },

    isReady: () => true,
    isFull: () => false,

    async close() {
      listeners.clear();
    },
  };
}

/** As many of these broadcasts, newest first, as are kept: the newest one at least. */
function keepNewest(broadcasts: readonly Buffer[]): readonly Buffer[] {
  let bytes = 0;
  return broadcasts.slice(0, MAX_BROADCASTS).filter((frame, index) => {
    bytes += frame.length;
    return index === 0 || bytes <= MAX_BROADCASTS_BYTES;
  });
}

/** A listener that throws costs nobody an event. */
function deliver(listener: LiveListener, channel: string, frame: Buffer): void {
  try {
    listener.message(channel, frame);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
