import { createApi } from './api.js';
import type { CursorStore } from './cursor-store.js';
import { ConnectionError, RelayError } from './errors.js';
import { check, covers, type Filter, isSayable, narrow, widen } from './filter.js';
import {
  type DronecastEvent,
  type EventName,
  type EventOf,
  type ForeignEvent,
  type Frame,
  type Gap,
  type Item,
  isForeign,
  isGap,
  type Kind,
  type RelayFrame,
} from './frames.js';
import { createLink, type Timing } from './link.js';
import { createListeners } from './listeners.js';
import { createPlace, isCursor } from './place.js';
import { createProgress } from './progress.js';
import { createReader, type Reader } from './reader.js';
import type { OfflineReason, Status } from './status.js';
import type { TokenSource } from './token.js';
import { type Action, TRANSPORTS, type TransportName } from './transport.js';
import { eventStream } from './transports/event-stream.js';
import { longPoll } from './transports/long-poll.js';
import { createWebSocketTransport, type OpenSocket } from './transports/web-socket.js';
import { createWatch, type StateEvent, type Watch } from './watch.js';
import { within } from './within.js';

export interface ConnectOptions {
  /** Of the relay, such as `https://relay.example.com`. */
  readonly url: string | URL;
  /** Of the REST API, which `watch` reads; default: `url`. */
  readonly api?: string | URL;
  /**
   * Or a function, which is asked for one before each connection, and again after each 401. A token that stays as it is
   * ends the client when the relay refuses it.
   */
  readonly token?: TokenSource;
  /** Serial numbers and prefixes (`abc*`), at most 100; default: every drone. */
  readonly sn?: string | readonly string[];
  /** Kinds of events; default: all, those of other publishers included. */
  readonly events?: readonly Kind[];
  /** `auto`, the default, takes the best that gets through. */
  readonly transport?: 'auto' | TransportName;
  /**
   * Where the client's place outlives it; default: it starts in the present. One that can't be loaded is the end, with its
   * error; one that can't be saved is a warning, and is tried again.
   */
  readonly cursor?: CursorStore;
}

/** What can be listened to, and with what a listener is called. */
export type Listeners = { [N in EventName]: EventOf<N> } & {
  /** Any event of the API. */
  event: DronecastEvent;
  /** A message of another publisher. */
  foreign: ForeignEvent;
  /** Events may have been missed: what they would have told must be read by REST. */
  gap: Gap;
  status: Status;
  /**
   * What went wrong without ending the client: a filter that was refused, a cursor that could not be saved, a listener that
   * threw; and, where nobody listens for `status`, why it is over or can't go on. Where nobody listens it is printed.
   */
  warning: Error;
};

/**
 * Follows a relay. Listen, or iterate, in the same turn in which it was made; what comes when nobody listens is nobody's.
 * An iteration gives events and gaps in their order, throws what `closed` resolves with, and, when it reads too slowly,
 * lets the connection go and resumes later.
 */
export interface Client extends AsyncIterable<Item> {
  readonly status: Status;
  /** Resolves when the client is over; with an error when the relay refused it for good. */
  readonly closed: Promise<Error | undefined>;
  /** Returns what takes the listener off again. */
  on<N extends keyof Listeners>(name: N, listener: (value: Listeners[N]) => void): () => void;
  /**
   * Follows more; what follows everything is narrowed to what is named, naming nothing follows everything. Resolves when
   * it is in force. Throws RangeError on what the relay would refuse.
   */
  subscribe(more: Filter): Promise<void>;
  /** Follows less; naming nothing follows no drone. Throws RangeError when no kind would be left. */
  unsubscribe(less: Filter): Promise<void>;
  /**
   * When the relay was last heard, in milliseconds since 1970: a frame of any kind, an answer to a ping, or a heartbeat that
   * the transport shows. Undefined before the first one.
   */
  readonly lastFrameAt: number | undefined;
  /**
   * Milliseconds between two heartbeats of the relay while nothing else comes. Undefined until a relay has told it, which it
   * does by WebSocket and SSE.
   */
  readonly heartbeatMs: number | undefined;
  /**
   * Asks the relay for a sign of life and resolves with the milliseconds that its answer took. Resolves with undefined
   * where nothing can be asked: by SSE or long-poll, and while the client is not live. Rejects with a ConnectionError when
   * there is no answer within 5 seconds, or the connection ends first. At most one ping is on its way; a call meanwhile
   * waits for the same answer.
   */
  ping(): Promise<number | undefined>;
  /** An always-right copy of a drone. Throws RangeError unless created, updated and deleted of it are followed. */
  watch(serialNumber: string): Watch;
  /** Resolves when the cursor is saved. */
  close(): Promise<void>;
}

export interface ClientDependencies {
  readonly openSocket: OpenSocket;
  readonly timing: Timing;
}

/** Items that a slow iteration may leave waiting. */
const MAX_UNREAD = 10_000;
/** Reasons to be offline that need nobody's attention. */
const PASSING: ReadonlySet<OfflineReason> = new Set(['unavailable', 'unreachable', 'ended']);
const WATCHED: readonly Kind[] = ['created', 'updated', 'deleted'];
const isWatched = (event: DronecastEvent): event is StateEvent =>
  ['drone.created', 'drone.updated', 'drone.deleted'].includes(event.event);

/** Relative to the page, where there is one; with a slash at its end, so that paths go below it. */
const toBase = (url: string | URL): URL => {
  const base = new URL(url, globalThis.location?.href);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return base;
};

const initialFilter = ({ sn, events }: ConnectOptions): Filter => ({
  ...(sn !== undefined && { sn: [sn].flat() }),
  ...(events !== undefined && { events }),
});

export function createClient(options: ConnectOptions, { openSocket, timing }: ClientDependencies): Client {
  const { token, transport = 'auto', cursor: store } = options;
  const listeners = createListeners<Listeners>();
  const { warn } = listeners;
  const { backoff, callbackMs } = timing;
  const progress = createProgress({ store, limitMs: callbackMs, backoff, warn });
  const readers = new Set<Reader<Item>>();
  const watches = new Set<ReturnType<typeof createWatch>>();
  const api = createApi({ url: options.api ?? options.url, token });
  let place = createPlace(undefined);
  let filter = check(initialFilter(options));
  let status: Status = { state: 'connecting', transport: transport === 'auto' ? TRANSPORTS[0] : transport };
  /** Why the place was given up, until the relay gives another. */
  let lost: string | undefined;
  let makeRoom: (() => void) | undefined;
  let hasBeenLive = false;
  const leaving = new AbortController();
  /** What waits for an answer to a ping, in order; `isAnswered` is false when another connection is live or none will be. */
  const pings: ((isAnswered: boolean) => void)[] = [];
  let inForce = Promise.resolve();
  /** Of the ping that `ping` has sent: false when its connection has ended before. */
  let answer: Promise<boolean> | undefined;
  let endAnswer: ((isAnswered: boolean) => void) | undefined;

  function settlePings(count: number, isAnswered: boolean): void {
    for (const settle of pings.splice(0, count)) settle(isAnswered);
  }

  /** Undefined when it can't be asked now. */
  function askForAnswer(): Promise<boolean> | undefined {
    if (!link.say({ action: 'ping' })) return undefined;
    return new Promise((resolve) => {
      endAnswer = (isAnswered) => {
        answer = undefined;
        resolve(isAnswered);
      };
      pings.push(endAnswer);
    });
  }

  /** The answer to a ping comes after all that the filter's change brought. */
  function refilter(action: Action, canSay = true): Promise<void> {
    if (status.state === 'closed') return inForce;
    inForce = new Promise((resolve) => pings.push(() => resolve()));
    if (canSay && link.say(action)) link.say({ action: 'ping' });
    else link.reconnect();
    return inForce;
  }

  const isFull = (): boolean => [...readers].some((reader) => reader.length() > MAX_UNREAD);

  function report(next: Status): void {
    // Only who listens for it knows better.
    if (next.state === 'offline' && !PASSING.has(next.reason) && !listeners.has('status')) warn(next.error);
    status = next;
    if (next.state !== 'live') endAnswer?.(false);
    listeners.emit('status', next);
    if (next.state === 'live' || next.state === 'closed') settlePings(pings.length, false);
    if (next.state !== 'live' || hasBeenLive) return;
    hasBeenLive = true;
    for (const watch of watches) watch.read();
  }

  function deliver(item: Item): void {
    const isDone = progress.add(place.cursor(), readers.size);
    if (isGap(item)) listeners.emit('gap', item);
    else if (isForeign(item)) listeners.emit('foreign', item);
    else {
      listeners.emit('event', item);
      listeners.emit(item.event, item as never);
    }
    for (const reader of readers) {
      reader.push(item, () => {
        isDone();
        if (makeRoom && !isFull()) makeRoom();
      });
    }
    if (isFull()) link.reconnect();
  }

  function hear(frame: RelayFrame): void {
    if (frame.event === 'relay.error') return warn(new RelayError(frame.data.message, frame.data.code));
    if (frame.event === 'relay.gap') {
      place.move(frame.data.cursor);
      for (const watch of watches) watch.read();
      return deliver(frame);
    }
    if (frame.event === 'relay.pong') settlePings(1, true);
    // Who comes with a cursor goes on from it, or is told of a gap: one that was lost on the way must come again.
    if (!('cursor' in frame.data) || (frame.event === 'relay.connected' && place.cursor() !== undefined))
      return;
    const { cursor } = frame.data;
    if (lost !== undefined) return fill(cursor, lost);
    place.move(cursor);
    progress.add(cursor, 0);
  }

  /** Says that events may have been missed before a cursor. */
  function fill(cursor: string, reason: string): void {
    lost = undefined;
    hear({ type: 'relay', event: 'relay.gap', data: { cursor, reason } });
  }

  /** Goes on in the present. */
  function lose(error: Error): void {
    warn(error);
    place = createPlace(undefined);
    lost = error.message;
  }

  function receive(frame: Frame): void {
    if (frame.type === 'relay') return hear(frame);
    if ('id' in frame) {
      if (!place.advance(frame.id)) return;
      if (isWatched(frame)) for (const watch of watches) watch.hear(frame);
    }
    deliver(frame);
  }

  const link = createLink({
    url: toBase(options.url),
    transports: { ws: createWebSocketTransport(openSocket), sse: eventStream, poll: longPoll },
    rungs: transport === 'auto' ? TRANSPORTS : [transport],
    token,
    timing,
    filter: () => filter,
    cursor: () => place.cursor(),
    room: async () => {
      if (isFull())
        await new Promise<void>((resolve) => {
          makeRoom = resolve;
        });
      makeRoom = undefined;
    },
    receive,
    report,
    warn,
    skip: lose,
  });

  /** Where the client was when it ended last. */
  async function load(): Promise<void> {
    const cursor = await within(callbackMs, 'the cursor store', () => store?.load(), leaving.signal);
    if (cursor == null || isCursor(cursor)) place = createPlace(cursor ?? undefined);
    else lose(new Error('the saved cursor is damaged'));
  }

  async function run(): Promise<Error | undefined> {
    let error: Error | undefined;
    try {
      await load();
      error = await link.run();
    } catch (cause) {
      if (!leaving.signal.aborted)
        error = cause instanceof Error ? cause : new Error(String(cause), { cause });
    }
    if (error && readers.size === 0 && !listeners.has('status')) warn(error);
    report({ state: 'closed', ...(error && { error }) });
    for (const reader of readers) reader.end(error);
    for (const watch of [...watches]) watch.end(error);
    return error;
  }

  const closed = run();

  return {
    closed,
    get status() {
      return status;
    },
    get lastFrameAt() {
      return link.heardAt();
    },
    get heartbeatMs() {
      return link.heartbeatMs();
    },
    on: listeners.on,

    async ping() {
      const start = performance.now();
      answer ??= askForAnswer();
      if (!answer) return undefined;
      const isAnswered = await within(timing.pingMs, 'the relay', () => answer);
      if (!isAnswered) throw new ConnectionError('the connection ended before the relay answered the ping');
      return performance.now() - start;
    },

    subscribe(more) {
      filter = widen(filter, more);
      return refilter({ action: 'subscribe', ...more });
    },

    unsubscribe(less) {
      const canSay = isSayable(filter, less);
      filter = narrow(filter, less);
      return refilter({ action: 'unsubscribe', ...less }, canSay);
    },

    watch(serialNumber) {
      if (!covers(filter, serialNumber, WATCHED)) {
        throw new RangeError(`to watch ${serialNumber}, follow its kinds ${WATCHED.join(', ')}`);
      }
      const own = createWatch({
        api,
        serialNumber,
        backoff,
        limitMs: timing.greetingMs,
        canRenew: typeof token === 'function',
        warn,
        onClose: () => void watches.delete(own),
      });
      watches.add(own);
      if (status.state === 'closed') own.end(status.error);
      // Before that, it would miss what the relay does not send yet.
      else if (hasBeenLive) void inForce.then(own.read);
      return own.watch;
    },

    async close() {
      leaving.abort();
      link.close();
      makeRoom?.();
      await closed;
      await progress.saved();
    },

    [Symbol.asyncIterator]() {
      const reader = createReader<Item>((unread) => {
        readers.delete(reader);
        if (unread > 0) progress.freeze();
        makeRoom?.();
      });
      if (status.state === 'closed') reader.end(status.error);
      else readers.add(reader);
      return reader.iterator;
    },
  };
}
