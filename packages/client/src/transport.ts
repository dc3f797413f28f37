import type { CloseAction } from '@dronecast/events';
import type { Filter } from './filter.js';
import type { Frame } from './frames.js';

/** How events can be had, the best first. */
export const TRANSPORTS = ['ws', 'sse', 'poll'] as const;
export type TransportName = (typeof TRANSPORTS)[number];

/** One connection, from the side that wants it. */
export interface Attempt {
  /** Of the relay, with a slash at its end. */
  readonly url: URL;
  readonly filter: Filter;
  /** The cursor to go on from. */
  readonly since: string | undefined;
  readonly token: string | undefined;
  /** Aborted when the connection is given up; nothing may be received after that. */
  readonly signal: AbortSignal;
  receive(frame: Frame): void;
  /** A sign of life that is no frame. */
  alive(): void;
}

/**
 * What to do when a connection has ended: `resume`, `retry` and `fatal` as the close codes have it; `blocked`: this
 * transport did not get through, another one might; `unauthorized`: come back with a fresh token.
 */
export interface Ending {
  readonly action: CloseAction | 'blocked' | 'unauthorized';
  readonly error: Error;
  /** Milliseconds that the relay asks to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** What a client says. */
export type Action =
  | { readonly action: 'ping' }
  | { readonly action: 'authenticate'; readonly token: string }
  | ({ readonly action: 'subscribe' | 'unsubscribe' } & Filter);

export interface Connection {
  readonly ended: Promise<Ending>;
  /** Only where a filter can be changed in place. */
  say?(action: Action): void;
}

export type Transport = (attempt: Attempt) => Connection;
