import { randomUUID } from 'node:crypto';
import type { Cursor } from '@dronecast/events';
import type { Filter } from '../hub/filter.js';
import type { Transport } from './transport.js';

/** One connected client, whatever it is connected by. */
export interface Peer extends Transport {
  readonly id: string;
  /** The last event replayed to it; undefined while it gets live events. */
  place: Cursor | undefined;
  filter: Filter;
}

export const createPeer = (transport: Transport, filter: Filter): Peer => ({
  ...transport,
  id: randomUUID(),
  place: undefined,
  filter,
});
