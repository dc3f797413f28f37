import type { Api } from './api.js';
import { type BackoffRange, backoff, pause } from './backoff.js';
import { createDeadline } from './deadline.js';
import { ConnectionError, RefusedError } from './errors.js';
import type { Drone, EventOf } from './frames.js';
import { callListener } from './listeners.js';
import { retryAfterOf } from './transports/http.js';

/** Events that say how a drone is now. */
export type StateEvent = EventOf<'drone.created'> | EventOf<'drone.updated'> | EventOf<'drone.deleted'>;

/**
 * How a copy stands. `reading`: the API is being asked; `fresh`: `value` is right, as of the latest event that has come;
 * `stale`: the API could not be asked, `value` is what was right last, and it is tried again; `closed`: over.
 */
export type WatchStatus =
  | { readonly state: 'reading' | 'fresh' }
  | { readonly state: 'stale'; readonly error: Error; readonly retryInMs: number }
  | { readonly state: 'closed'; readonly error?: Error };

/** One drone as it is now. */
export interface Watch {
  /** Undefined while there is no such drone, and until the first answer is there, see `ready`. */
  readonly value: Drone | undefined;
  readonly status: WatchStatus;
  /**
   * Resolves when `value` is right for the first time. Rejects when the API refuses, which is tried again, and when the
   * watch or its client ends before.
   */
  readonly ready: Promise<void>;
  /** Calls the listener with the value now, once there is one, and with each new one. Returns what ends that. */
  subscribe(listener: (drone: Drone | undefined) => void): () => void;
  /** Calls the listener with each new status. Returns what ends that. */
  onStatus(listener: (status: WatchStatus) => void): () => void;
  close(): void;
}

export interface WatchDependencies {
  readonly api: Api;
  readonly serialNumber: string;
  readonly backoff: BackoffRange;
  /** Milliseconds that an answer may take. */
  readonly limitMs: number;
  /** Whether the next call may have another token. */
  readonly canRenew: boolean;
  /** Reports why the drone can't be read for now, and what a listener has thrown. */
  readonly warn: (error: unknown) => void;
  readonly onClose: () => void;
}

/** Statuses of an answer after which the same question may get another one. */
const PASSING = new Set([408, 425, 429]);

/** A failed read, and milliseconds that the API asks to wait. */
class ReadError extends Error {
  constructor(
    readonly error: Error,
    readonly retryAfterMs: number,
  ) {
    super(error.message);
  }
}

const toError = (cause: unknown): Error =>
  cause instanceof RefusedError ? cause : new ConnectionError(`the API did not answer: ${cause}`, { cause });

interface Life {
  readonly id: string;
  readonly revision: number;
}

/**
 * A copy of a drone: read by REST, kept by events. Revisions compare within one id only; whatever has another id is
 * looked up, since the registry alone knows which of two lives is the later one.
 */
export function createWatch({ api, serialNumber, ...dependencies }: WatchDependencies) {
  const closing = new AbortController();
  const { warn, limitMs, canRenew } = dependencies;
  const listeners = new Set<(drone: Drone | undefined) => void>();
  const statusListeners = new Set<(status: WatchStatus) => void>();
  let status: WatchStatus = { state: 'reading' };
  /** The one that is registered, as far as is known. */
  let life: Life | undefined;
  const dead = new Set<string>();
  let value: Drone | undefined;
  let isKnown = false;
  let isStale = false;
  let isReading = false;
  let settle: { resolve(): void; reject(error: Error): void } | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  ready.catch(() => {});

  function set(drone: Drone | undefined): void {
    if (life && life.id !== drone?.id) dead.add(life.id);
    life = drone && { id: drone.id, revision: drone.revision };
    const isChange = !isKnown || value !== drone;
    value = drone;
    isKnown = true;
    if (isChange) for (const listener of [...listeners]) callListener(listener, drone, warn);
    settle?.resolve();
  }

  function report(next: WatchStatus): void {
    if (status.state === 'closed') return;
    status = next;
    for (const listener of [...statusListeners]) callListener(listener, next, warn);
  }

  /** What REST says is at least as new as all that was known when it was asked. */
  function adopt(drone: Drone | undefined): void {
    if (drone && dead.has(drone.id)) return;
    if (drone && life?.id === drone.id && drone.revision <= life.revision) return;
    set(drone);
  }

  async function get(): Promise<Drone | undefined> {
    const deadline = createDeadline(closing.signal, limitMs);
    try {
      return await ask(deadline.signal);
    } finally {
      deadline.clear();
    }
  }

  async function ask(signal: AbortSignal): Promise<Drone | undefined> {
    const path = { sn: serialNumber };
    const { data, error, response } = await api.GET('/api/v1/drones/sn/{sn}', { params: { path }, signal });
    if (data) {
      const { _id, streamCredentials, ...drone } = data.data.drone;
      return drone;
    }
    if (response.status === 404) return undefined;
    const message = error?.detail ?? `HTTP ${response.status}`;
    const isRefusal = response.status < 500 && !PASSING.has(response.status);
    throw new ReadError(
      isRefusal ? new RefusedError(message, response.status) : new ConnectionError(message),
      retryAfterOf(response.headers),
    );
  }

  /** Milliseconds until the next try. */
  function fail(cause: unknown, failures: number): number {
    const { error, retryAfterMs } = cause instanceof ReadError ? cause : new ReadError(toError(cause), 0);
    const retryInMs = retryAfterMs + backoff(dependencies.backoff, failures);
    warn(error);
    // A copy that is wanted for long outlives this: rights and tokens change.
    if (error instanceof RefusedError && !(error.code === 401 && canRenew)) settle?.reject(error);
    report({ state: 'stale', error, retryInMs });
    return retryInMs;
  }

  async function readUntilRight(): Promise<void> {
    for (let failures = 0; isStale && !closing.signal.aborted; ) {
      isStale = false;
      try {
        adopt(await get());
        failures = 0;
      } catch (cause) {
        if (closing.signal.aborted) return;
        isStale = true;
        await pause(fail(cause, failures), closing.signal);
        failures += 1;
      }
    }
    report({ state: 'fresh' });
  }

  async function read(): Promise<void> {
    isStale = true;
    if (isReading) return;
    isReading = true;
    report({ state: 'reading' });
    await readUntilRight();
    isReading = false;
  }

  function end(error?: Error): void {
    if (status.state === 'closed') return;
    closing.abort();
    report({ state: 'closed', ...(error && { error }) });
    settle?.reject(error ?? new Error(`the watch of ${serialNumber} was closed before its drone was read`));
    listeners.clear();
    statusListeners.clear();
    dependencies.onClose();
  }

  const watch: Watch = {
    get value() {
      return value;
    },
    get status() {
      return status;
    },
    ready,
    subscribe(listener) {
      listeners.add(listener);
      if (isKnown) callListener(listener, value, warn);
      return () => void listeners.delete(listener);
    },
    onStatus(listener) {
      statusListeners.add(listener);
      return () => void statusListeners.delete(listener);
    },
    close: () => end(),
  };

  return {
    watch,
    /** With the error that ended the client. */
    end,
    /** The copy may have missed events. */
    read: (): void => void read(),

    hear(event: StateEvent): void {
      if (event.serialNumber !== serialNumber || dead.has(event.data.droneId)) return;
      if (event.data.droneId !== life?.id) void read();
      else if (event.revision > life.revision) set('full' in event.data ? event.data.full : undefined);
    },
  };
}
