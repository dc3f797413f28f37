import { randomUUID } from 'node:crypto';
import { CloseCode, type Cursor } from '@dronecast/events';
import type { Filter } from '../hub/filter.js';
import type { Transport } from './transport.js';

/** One connected client, whatever it is connected by. */
export interface Peer extends Transport {
  readonly id: string;
  /** The last event replayed to it; undefined while it gets live events. */
  place: Cursor | undefined;
  filter: Filter;
  /** Runs work for this peer. An error that it throws closes this peer and reaches nobody else. */
  attempt(work: () => void): void;
  /** Closes the peer with 1011 because of an unexpected error. */
  fail(error: unknown): void;
}

/**
 * An error that the transport throws fails its peer and never reaches the caller, who may have other peers to serve.
 * `onFailure` is called at most once for each peer.
 */
export function createPeer(
  transport: Transport,
  filter: Filter,
  onFailure: (clientId: string, error: unknown) => void,
): Peer {
  const id = randomUUID();
  let hasFailed = false;

  function fail(error: unknown): void {
    if (hasFailed) return;
    hasFailed = true;
    onFailure(id, error);
    try {
      transport.close(CloseCode.INTERNAL_ERROR);
    } catch {
      attempt(transport.terminate);
    }
  }

  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  }

  return {
    ...transport,
    id,
    place: undefined,
    filter,
    attempt,
    fail,
    send(frames) {
      try {
        transport.send(frames);
      } catch (error) {
        fail(error);
      }
    },
    tell: (frame) => attempt(() => transport.tell(frame)),
    close: (code) => attempt(() => transport.close(code)),
    terminate: () => attempt(transport.terminate),
  };
}
