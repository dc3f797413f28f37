import type { Cursor, Kind } from '@dronecast/events';
import type { Sighting } from './sighting.js';

/** What a client asks for; nothing = all. */
export interface Wish {
  readonly serialNumbers?: readonly string[];
  readonly kinds?: readonly Kind[];
}

/**
 * What happened to a client, in order: an event, a place up to which the relay said that it has everything, a gap that
 * was announced, or a `silence` (the relay did not resume, and announced no gap either).
 */
export type LogItem =
  | { readonly type: 'event'; readonly sighting: Sighting }
  | { readonly type: 'place'; readonly place: Cursor }
  | { readonly type: 'gap'; readonly place: Cursor; readonly at: number; readonly reason: string }
  | { readonly type: 'silence' };

export interface ClientLog {
  readonly name: string;
  /** Clients of one group want the same sort of events. */
  readonly group: string;
  readonly wish: Wish;
  readonly items: readonly LogItem[];
  /** Connections after the first. */
  readonly reconnects: number;
}
