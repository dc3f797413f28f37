import type { Api } from './api.js';
import { type BackoffRange, backoff, pause } from './backoff.js';
import { ConnectionError, RefusedError } from './errors.js';
import type { Drone, EventOf } from './frames.js';

/** Events that say how a drone is now. */
export type StateEvent = EventOf<'drone.created'> | EventOf<'drone.updated'> | EventOf<'drone.deleted'>;

/** One drone as it is now. */
export interface Watch {
  /** Undefined while there is no such drone; false until the first answer is there, see `ready`. */
  readonly value: Drone | undefined;
  /** Resolves when `value` is right for the first time. Rejects when the API refuses. */
  readonly ready: Promise<void>;
  /** Calls the listener with the value now, once there is one, and with each new one. Returns what ends that. */
  subscribe(listener: (drone: Drone | undefined) => void): () => void;
  close(): void;
}

export interface WatchDependencies {
  readonly api: Api;
  readonly serialNumber: string;
  readonly backoff: BackoffRange;
  /** Reports why the drone can't be read for now. */
  readonly warn: (error: Error) => void;
  readonly onClose: () => void;
}

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
  const listeners = new Set<(drone: Drone | undefined) => void>();
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
    if (isChange) for (const listener of [...listeners]) listener(drone);
    settle?.resolve();
  }

  /** What REST says is at least as new as all that was known when it was asked. */
  function adopt(drone: Drone | undefined): void {
    if (drone && dead.has(drone.id)) return;
    if (drone && life?.id === drone.id && drone.revision <= life.revision) return;
    set(drone);
  }

  async function get(): Promise<Drone | undefined> {
    const { signal } = closing;
    const path = { sn: serialNumber };
    const { data, error, response } = await api.GET('/api/v1/drones/sn/{sn}', { params: { path }, signal });
    if (data) {
      const { _id, streamCredentials, ...drone } = data.data.drone;
      return drone;
    }
    if (response.status === 404) return undefined;
    const message = error?.detail ?? `HTTP ${response.status}`;
    throw response.status < 500 && response.status !== 429
      ? new RefusedError(message, response.status)
      : new ConnectionError(message);
  }

  async function readUntilRight(): Promise<void> {
    for (let failures = 0; isStale && !closing.signal.aborted; ) {
      isStale = false;
      try {
        adopt(await get());
        failures = 0;
      } catch (cause) {
        if (closing.signal.aborted) return;
        const error = cause instanceof Error ? cause : new ConnectionError('the API is away', { cause });
        dependencies.warn(error);
        if (error instanceof RefusedError) return settle?.reject(error);
        isStale = true;
        await pause(backoff(dependencies.backoff, failures), closing.signal);
        failures += 1;
      }
    }
  }

  async function read(): Promise<void> {
    isStale = true;
    if (isReading) return;
    isReading = true;
    await readUntilRight();
    isReading = false;
  }

  const watch: Watch = {
    get value() {
      return value;
    },
    ready,
    subscribe(listener) {
      listeners.add(listener);
      if (isKnown) listener(value);
      return () => void listeners.delete(listener);
    },
    close() {
      closing.abort();
      listeners.clear();
      dependencies.onClose();
    },
  };

  return {
    watch,
    /** The copy may have missed events. */
    read: (): void => void read(),

    hear(event: StateEvent): void {
      if (event.serialNumber !== serialNumber || dead.has(event.data.droneId)) return;
      if (event.data.droneId !== life?.id) void read();
      else if (event.revision > life.revision) set('full' in event.data ? event.data.full : undefined);
    },
  };
}
