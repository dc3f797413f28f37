import { type BackoffRange, backoff, pause } from './backoff.js';
import { ConnectionError } from './errors.js';
import type { Filter } from './filter.js';
import { type Frame, toFrame } from './frames.js';
import { createLadder } from './ladder.js';
import { createSilenceWatch } from './silence.js';
import type { OfflineReason, Status } from './status.js';
import { readToken, type TokenSource } from './token.js';
import type { Action, Connection, Ending, Transport, TransportName } from './transport.js';

/** All in milliseconds. */
export interface Timing {
  readonly backoff: BackoffRange;
  /** In which a connection must give its first frame. */
  readonly greetingMs: number;
  /** That the token function and the cursor store may take. */
  readonly callbackMs: number;
  /** In which a ping must be answered. */
  readonly pingMs: number;
  /** Between two tries to return to the best transport, at first and at most. */
  readonly climb: BackoffRange;
}

export interface LinkDependencies {
  readonly url: URL;
  readonly transports: Readonly<Record<TransportName, Transport>>;
  /** The transports to use, the best first. */
  readonly rungs: readonly [TransportName, ...TransportName[]];
  readonly token: TokenSource | undefined;
  readonly timing: Timing;
  readonly filter: () => Filter;
  readonly cursor: () => string | undefined;
  /** Resolves when there is room for what comes. */
  readonly room: () => Promise<void>;
  readonly receive: (frame: Frame) => void;
  readonly report: (status: Status) => void;
  /** What went wrong without ending the connection. */
  readonly warn: (error: unknown) => void;
  /** What comes next can't be read, however often: go on in the present, and say that something was missed. */
  readonly skip: (error: Error) => void;
}

/** `again`: reconnect at once, since this side wants to. */
type End = Ending | { readonly action: 'again' };

/** A draining relay has so long to close the connection after the time it gave. */
const DRAIN_GRACE_MS = 1000;
/** Intervals without a sign of life after which a connection counts as dead. */
const SILENT_INTERVALS = 2;
/** Times that what comes behind one cursor is asked for, when it can't be read. */
const UNREADABLE_TRIES = 3;

const REASONS: Readonly<Record<Exclude<Ending['action'], 'fatal'>, OfflineReason>> = {
  resume: 'ended',
  retry: 'unavailable',
  blocked: 'unreachable',
  unauthorized: 'unauthorized',
  unreadable: 'unreadable',
  no_token: 'no_token',
  failed: 'failed',
};

const failed = (action: Ending['action'], message: string, cause?: unknown): Ending => ({
  action,
  error: new ConnectionError(message, { cause }),
});

const toError = (cause: unknown): Error =>
  cause instanceof Error ? cause : new ConnectionError(String(cause), { cause });

/** One connection after the other, until the relay refuses or `close` is called. */
export function createLink(dependencies: LinkDependencies) {
  const { url, transports, timing, filter, cursor, room, report, warn } = dependencies;
  const ladder = createLadder(dependencies.rungs);
  const closing = new AbortController();
  let current: { connection: Connection; isLive: boolean; end(end: End): void } | undefined;
  let heardAt: number | undefined;
  let heartbeatMs: number | undefined;
  let climbTries = 0;
  let climbTimer: ReturnType<typeof setTimeout> | undefined;

  const askToken = (): Promise<string | undefined> =>
    readToken(dependencies.token, timing.callbackMs, closing.signal);

  /** Tries the best transport beside the one in use. A connection that works is reason enough to reconnect. */
  async function climb(): Promise<void> {
    const probe = new AbortController();
    const timer = setTimeout(() => probe.abort(), timing.greetingMs);
    closing.signal.addEventListener('abort', () => probe.abort(), { signal: probe.signal });
    let isThrough = false;
    try {
      const token = await askToken();
      const { signal } = probe;
      const receive = (): void => {
        isThrough = true;
        probe.abort();
      };
      const common = { url, filter: filter(), since: undefined, token, signal };
      await transports[ladder.best]({ ...common, receive, receiveText: receive, alive() {} }).ended;
    } catch {
      // No token, or no way through: another time.
    }
    clearTimeout(timer);
    climbTimer = undefined;
    if (closing.signal.aborted || ladder.isBest()) return;
    if (!isThrough) return scheduleClimb();
    ladder.top();
    current?.end({ action: 'again' });
  }

  function scheduleClimb(): void {
    if (ladder.isBest() || climbTimer !== undefined) return;
    const { firstMs, mostMs } = timing.climb;
    const ms = Math.min(mostMs, firstMs * 2 ** climbTries) * (0.5 + Math.random() / 2);
    climbTries += 1;
    climbTimer = setTimeout(() => void climb(), ms);
  }

  function wentLive(name: TransportName): void {
    report({ state: 'live', transport: name });
    if (ladder.isBest()) climbTries = 0;
    else scheduleClimb();
  }

  /** In place, where that is possible; else the connection ends with its token, and the next one has another. */
  async function renew({ say }: Connection): Promise<void> {
    try {
      const token = say && (await askToken());
      if (token !== undefined) say?.({ action: 'authenticate', token });
    } catch (error) {
      // The next connection asks again.
      if (!closing.signal.aborted) warn(error);
    }
  }

  /** One connection, from its beginning to its end. */
  async function connect(
    name: TransportName,
    token: string | undefined,
  ): Promise<{ end: End; livedMs: number }> {
    const control = new AbortController();
    const { signal } = control;
    let drainTimer: ReturnType<typeof setTimeout> | undefined;
    let liveAt: number | undefined;
    let settle: (end: End) => void = () => {};
    const ended = new Promise<End>((resolve) => {
      settle = resolve;
    });
    /** From here on nothing is received: what comes behind the reason must not move the cursor. */
    function endNow(end: End): void {
      settle(end);
      control.abort();
    }
    const silence = createSilenceWatch(timing.greetingMs, () =>
      endNow(
        liveAt === undefined ? failed('blocked', 'nothing came') : failed('resume', 'the relay fell silent'),
      ),
    );

    function hear(): void {
      heardAt = Date.now();
      silence.heard();
    }

    function take(frame: Frame): void {
      const { event, data } = frame.type === 'relay' ? frame : { event: undefined, data: undefined };
      // A poll has no heartbeat: each of its answers is awaited for so long.
      if (event === 'relay.connected' && name !== 'poll' && data.heartbeatMs > 0) {
        heartbeatMs = data.heartbeatMs;
        silence.setLimit(SILENT_INTERVALS * heartbeatMs);
      }
      if (event === 'relay.draining') {
        const leave = (): void => endNow(failed('resume', 'the relay is restarting'));
        drainTimer = setTimeout(leave, data.retryAfterMs + DRAIN_GRACE_MS);
      }
      if (event === 'relay.expiring' && current) void renew(current.connection);
      dependencies.receive(frame);
      if (liveAt !== undefined) return;
      liveAt = performance.now();
      if (name === 'poll') silence.stop();
      if (current) current.isLive = true;
      wentLive(name);
    }

    function read(parse: () => unknown): void {
      if (signal.aborted) return;
      hear();
      try {
        const frame = toFrame(parse());
        if (frame) take(frame);
      } catch (cause) {
        endNow(failed('unreadable', `a frame cannot be read: ${toError(cause).message}`, cause));
      }
    }

    try {
      const connection = transports[name]({
        ...{ url, filter: filter(), since: cursor(), token, signal, alive: hear },
        receive: (frame) => read(() => frame),
        receiveText: (text) => read(() => JSON.parse(text as string)),
      });
      current = { connection, isLive: false, end: endNow };
      closing.signal.addEventListener('abort', () => endNow({ action: 'again' }), { signal });
      const end = await Promise.race([connection.ended, ended]);
      return { end, livedMs: liveAt === undefined ? 0 : performance.now() - liveAt };
    } finally {
      current = undefined;
      control.abort();
      silence.stop();
      clearTimeout(drainTimer);
    }
  }

  async function attempt(name: TransportName): Promise<{ end: End; livedMs: number }> {
    let token: string | undefined;
    try {
      token = await askToken();
    } catch (cause) {
      return { end: { action: 'no_token', error: toError(cause) }, livedMs: 0 };
    }
    try {
      return await connect(name, token);
    } catch (cause) {
      return { end: { action: 'failed', error: toError(cause) }, livedMs: 0 };
    }
  }

  /** The end of what can't be read, each time that it comes. */
  function createSkip() {
    let at: string | undefined;
    let tries = 0;
    return (error: Error): void => {
      tries = at === cursor() ? tries + 1 : 1;
      at = cursor();
      if (tries < UNREADABLE_TRIES || at === undefined) return;
      tries = 0;
      dependencies.skip(error);
    };
  }

  /** Resolves when it is over; with an error, when the relay refused. */
  async function run(): Promise<Error | undefined> {
    let failures = 0;
    const skip = createSkip();
    while (!closing.signal.aborted) {
      await room();
      if (closing.signal.aborted) break;
      const transport = ladder.current();
      report({ state: cursor() === undefined ? 'connecting' : 'resuming', transport });
      const { end, livedMs } = await attempt(transport);
      if (closing.signal.aborted || end.action === 'again') continue;
      if (end.action === 'fatal') return end.error;
      // Without a function that gives another token, the next answer would be the same.
      if (end.action === 'unauthorized' && typeof dependencies.token !== 'function') return end.error;
      if (end.action === 'unreadable') skip(end.error);
      if (end.action === 'blocked' && livedMs === 0 && ladder.down()) continue;
      const isGood = livedMs > timing.backoff.mostMs || (livedMs > 0 && end.action === 'resume');
      failures = isGood ? 0 : failures + 1;
      const retryInMs = (end.retryAfterMs ?? 0) + backoff(timing.backoff, failures);
      report({ state: 'offline', reason: REASONS[end.action], error: end.error, retryInMs });
      await pause(retryInMs, closing.signal);
    }
    return undefined;
  }

  return {
    run,

    /** Says it in place; false when that is not possible now. */
    say(action: Action): boolean {
      if (!current?.isLive || !current.connection.say) return false;
      current.connection.say(action);
      return true;
    },

    /** When something last came, in milliseconds since 1970; undefined before the first frame. */
    heardAt: (): number | undefined => heardAt,

    /** As the relay has told it last; undefined before that. */
    heartbeatMs: (): number | undefined => heartbeatMs,

    /** Connects anew, when there is room. */
    reconnect: (): void => current?.end({ action: 'again' }),

    close(): void {
      clearTimeout(climbTimer);
      closing.abort();
    },
  };
}
