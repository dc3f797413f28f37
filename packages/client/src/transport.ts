import type { CloseAction } from '@dronecast/events';
import type { Filter } from './filter.js';

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
  receive(frame: unknown): void;
  /** Takes a frame's text. Neither throws: what is no frame ends the connection, and nothing behind it is taken. */
  receiveText(text: unknown): void;
  /** A sign of life that is no frame. */
  alive(): void;
}

/**
 * What to do when a connection has ended: `resume`, `retry` and `fatal` as the close codes have it; `blocked`: this
 * transport did not get through, another one might; `unauthorized`: come back with a fresh token; `unreadable`: what
 * came was no frame, so come back for it later; `no_token`, `failed`: come back later.
 */
export interface Ending {
  readonly action: CloseAction | 'blocked' | 'unauthorized' | 'unreadable' | 'no_token' | 'failed';
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
