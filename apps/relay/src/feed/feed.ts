import { setTimeout as delay } from 'node:timers/promises';
import type { EventBus } from '@dronecast/bus';
import {
  type Cursor,
  compareStreamIds,
  framePrefix,
  parseChannel,
  parseEventChannel,
  parseStreamId,
  type Route,
  STREAM_START,
  type StreamId,
} from '@dronecast/events';
import { wrapForeign } from './foreign.js';

const PAGE = 500;
const RETRY_MS = 200;
/** Live messages that are held back while the history is read. Beyond this, own ones are read from the history. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;
/** What a message that is held takes beside its payload. */
const HELD_BYTES = 300;
const DROP_REPORT_MS = 60_000;
/** Milliseconds that an id may be ahead of the bus's clock, and of the event before it, and still be taken at its word. */
const MAX_LEAD_MS = 5000;
/** Milliseconds between two looks whether the history knows the last event. */
const CHECK_MS = 1000;

/** Any frame of ours starts so, whatever its epoch. */
const OWN_FRAME = /^\{"id":"[a-z0-9]{1,16}\.\d{1,15}-\d{1,15}",/;
const LONGEST_HEAD = 64;

export interface FeedDependencies {
  readonly bus: Pick<EventBus, 'read' | 'renew' | 'subscribe'>;
  /** Gets each event once, in order; `text` is JSON. What others published has no id. */
  readonly deliver: (route: Route, text: Buffer, id?: StreamId) => void;
  /** The feed goes on from this place; with a reason, events before it may have been missed. */
  readonly restart: (place: StreamId, reason?: string) => void;
  readonly log: { info(message: string): void; warn(details: object, message: string): void };
}

/** Channels that are remembered as routes, so that an event makes no new one; longer ones are not. */
const MAX_ROUTES = 20_000;
const MAX_CHANNEL_LENGTH = 200;

function createRouteCache(parse: (channel: string) => Route | undefined) {
  const routes = new Map<string, Route | undefined>();
  return (channel: string): Route | undefined => {
    if (routes.has(channel)) return routes.get(channel);
    if (routes.size >= MAX_ROUTES) routes.clear();
    const route = parse(channel);
    if (channel.length <= MAX_CHANNEL_LENGTH) routes.set(channel, route);
    return route;
  };
}

type State = 'away' | 'catching up' | 'live';

/**
 * Follows the bus without a silent gap: whenever the live feed starts (again), messages are held back, what was missed
 * is read from the history, and only then the feed goes on with what was held back.
 */
export function createFeed({ bus, deliver, restart, log }: FeedDependencies) {
  let state: State = 'away';
  let hasCaughtUp = false;
  /** Undefined until the history was reached for the first time. */
  let epoch: string | undefined;
  let prefix = Buffer.alloc(0);
  let last: StreamId = STREAM_START;
  let held: { channel: string; payload: Buffer }[] = [];
  let heldBytes = 0;
  let hasOverflowed = false;
  /** Counts the starts of catching up: only the latest one goes on. */
  let round = 0;
  /** Milliseconds by which the bus's clock is ahead of ours. */
  let clockLead = 0;
  /** The last event that the history is known to have. */
  let checked: StreamId = STREAM_START;
  const routeOf = createRouteCache(parseChannel);
  const eventRouteOf = createRouteCache(parseEventChannel);
  let dropped = 0;
  let lastReport = 0;

  function drop(channel: string): void {
    dropped += 1;
    if (Date.now() - lastReport < DROP_REPORT_MS) return;
    lastReport = Date.now();
    log.warn(
      { channel, dropped },
      'messages dropped: not a JSON object, too long, on no known channel, or with an id that the history does not know',
    );
  }

  function enter(newEpoch: string, place: StreamId, reason?: string): void {
    epoch = newEpoch;
    prefix = Buffer.from(framePrefix(newEpoch));
    last = place;
    restart(place, reason);
  }

  /** Undefined when the message is not one of ours in this epoch. */
  function ownId(payload: Buffer): StreamId | undefined {
    if (payload.length < prefix.length || prefix.compare(payload, 0, prefix.length) !== 0) return undefined;
    const end = payload.indexOf('"', prefix.length);
    return parseStreamId(payload.toString('latin1', prefix.length, end));
  }

  /**
   * Whether only the history can tell if an id is real. Whoever may publish to our channels could send one from the far
   * future: taken at its word, it would make all later events look as if they were known.
   */
  const isDoubtful = (id: StreamId | undefined): boolean =>
    id !== undefined && id.ms > Math.max(Date.now() + clockLead, last.ms) + MAX_LEAD_MS;

  const isOfAnotherEpoch = (payload: Buffer): boolean =>
    OWN_FRAME.test(payload.toString('latin1', 0, Math.min(payload.length, LONGEST_HEAD)));

  function hold(channel: string, payload: Buffer): void {
    // A copy, because the payload is a slice of all that came from the socket with it.
    held.push({ channel, payload: Buffer.from(payload) });
    heldBytes += payload.length + HELD_BYTES;
    if (heldBytes <= MAX_HELD_BYTES) return;
    releaseHeld();
    hasOverflowed = true;
  }

  function releaseHeld(): typeof held {
    const messages = held;
    held = [];
    heldBytes = 0;
    return messages;
  }

  function forward(channel: string, payload: Buffer, id = ownId(payload)): void {
    const route = id ? eventRouteOf(channel) : routeOf(channel);
    if (!route) return drop(channel);
    if (!id) {
      const frame = wrapForeign(channel, route, payload);
      return frame ? deliver(route, frame) : drop(channel);
    }
    if (compareStreamIds(id, last) <= 0) return; // Read from the history before.
    if (isDoubtful(id)) return drop(channel); // The history does not have it.
    last = id;
    deliver(route, payload, id);
  }

  /** One page; true when there may be more to read. */
  async function readPage(isCurrent: () => boolean, isForged: boolean): Promise<boolean> {
    hasOverflowed = false;
    const page = await bus.read(last, epoch === undefined ? 0 : PAGE);
    if (!isCurrent()) return false;
    clockLead = page.now - Date.now();
    if (epoch === undefined) {
      enter(page.epoch, page.newest);
      return hasOverflowed;
    }
    if (page.epoch !== epoch) {
      // All of the new life is news; what it has already lost of itself is part of the same gap.
      enter(page.epoch, page.floor, 'history lost');
      return true;
    }
    if (!page.isKnown && isForged) {
      // Events that came after the unknown one, with lower ids, were taken for known.
      enter(epoch, page.newest, 'unknown event');
      return true;
    }
    if (!page.isKnown) {
      // A failover has lost what was handed on, and perhaps more. No cursor of this epoch can be trusted any more.
      await bus.renew(epoch);
      return true;
    }
    if (compareStreamIds(last, page.floor) < 0) enter(epoch, page.floor, 'history trimmed');
    for (const { id, channel, frame } of page.events) {
      if (compareStreamIds(id, last) <= 0) continue;
      last = id;
      const route = eventRouteOf(channel);
      if (route) deliver(route, frame, id);
    }
    // A page may end early, at its number of bytes. One without events is the end, whatever `newest` says.
    const isEnd = page.events.length === 0 || compareStreamIds(last, page.newest) >= 0;
    return !isEnd || hasOverflowed;
  }

  /** `isForged`: under a connection that has lost nothing, an event that the history does not know was never in it. */
  async function catchUp(isForged = false): Promise<void> {
    round += 1;
    const thisRound = round;
    const isCurrent = () => round === thisRound;
    state = 'catching up';
    for (let isMore = true; isMore; ) {
      const heldBefore = held.length;
      try {
        isMore = await readPage(isCurrent, isForged);
        // What was held before the read and is not in it is not real; of the others the next read tells.
        isMore ||= held.slice(heldBefore).some(({ payload }) => isDoubtful(ownId(payload)));
      } catch {
        await delay(RETRY_MS); // The bus is away again, or full, and says so in the log itself.
      }
      if (!isCurrent()) return;
    }
    checked = last;
    for (const { channel, payload } of releaseHeld()) forward(channel, payload);
    state = 'live';
    if (!hasCaughtUp) log.info('relay has caught up');
    hasCaughtUp = true;
  }

  /** An event that did not come from the bus is found, and told, within a second or so. */
  async function checkLast(): Promise<void> {
    if (state !== 'live' || last === checked) return;
    const [mine, position] = [round, last];
    const page = await bus.read(position, 0).catch(() => undefined);
    if (!page || round !== mine) return;
    if (page.epoch === epoch && page.isKnown) checked = position;
    else await catchUp(true);
  }
  const checks = setInterval(() => void checkLast(), CHECK_MS).unref();

  const subscription = bus.subscribe({
    connected: () => void catchUp(),
    disconnected() {
      round += 1;
      state = 'away';
      releaseHeld();
    },
    message(channel, payload) {
      if (state !== 'live') return hold(channel, payload);
      const id = ownId(payload);
      const isPlain = id ? !isDoubtful(id) : !isOfAnotherEpoch(payload);
      if (isPlain) return forward(channel, payload, id);
      // The history may have been lost under a living connection, or the clock of the bus may have jumped: the bus knows.
      hold(channel, payload);
      void catchUp();
    },
  });

  return {
    /** The place of the last event handed on. Of no meaning before `hasCaughtUp`. */
    position: (): Cursor => ({ epoch: epoch ?? '', id: last }),
    hasCaughtUp: () => hasCaughtUp,
    isLive: () => state === 'live',
    async close(): Promise<void> {
      round += 1;
      clearInterval(checks);
      await subscription.unsubscribe();
    },
  };
}

export type Feed = ReturnType<typeof createFeed>;
