import { setTimeout as delay } from 'node:timers/promises';
import { CloseCode, type Cursor, compareStreamIds, parseCursor } from '@dronecast/events';
import type { Archive } from '../history/archive.js';
import type { PastEvent, Ring } from '../history/ring.js';
import { matches } from '../hub/filter.js';
import type { Peer } from './peer.js';

const RETRY_MS = 100;
/** Milliseconds that the history may be out of reach before the client is sent elsewhere. */
const PATIENCE_MS = 5000;
const BATCH = 500;

export interface ResumeDependencies {
  /** How far the relay itself is. */
  readonly position: () => Cursor;
  readonly ring: Ring;
  readonly archive: Archive;
  readonly tellGap: (peer: Peer, reason: string) => void;
  /** From now on the peer gets live events. */
  readonly join: (peer: Peer) => void;
}

/** Next events, none when there is nothing newer, or why not all of them can be had. */
type Step = { readonly events: readonly PastEvent[] } | { readonly gap: string };

/**
 * Brings a client from where it was to the present: from the ring if that reaches back so far, else from the archive,
 * no faster than the client reads. The step from the last replayed event to live delivery is synchronous, so that
 * nothing can come in between.
 */
export function createResume({ position, ring, archive, tellGap, join }: ResumeDependencies) {
  /** Undefined when the ring does not reach back so far, or the client is ahead of this relay. */
  function recentStep({ epoch, id }: Cursor): Step | undefined {
    const present = position();
    if (epoch !== present.epoch || compareStreamIds(id, present.id) > 0) return undefined;
    const events = ring.after(id, BATCH);
    return events && { events };
  }

  /** Undefined while this relay itself has yet to find out what the bus knows. */
  async function olderStep({ epoch, id }: Cursor): Promise<Step | undefined> {
    if (epoch === position().epoch) {
      const found = await archive.after(id, epoch);
      return 'events' in found && found.events.length === 0 ? undefined : found;
    }
    const current = await archive.epoch();
    return current !== epoch && current === position().epoch ? { gap: 'history lost' } : undefined;
  }

  /** Undefined when the bus stays away too long, or the client leaves. */
  async function nextStep(peer: Peer, place: Cursor): Promise<Step | undefined> {
    const deadline = Date.now() + PATIENCE_MS;
    while (peer.isOpen()) {
      const step = recentStep(place) ?? (await olderStep(place).catch(() => undefined));
      if (step) return step;
      if (Date.now() > deadline) return undefined;
      await delay(RETRY_MS);
    }
    return undefined;
  }

  /** `peer.place` goes along with what the client has. */
  async function send(peer: Peer, epoch: string, events: readonly PastEvent[]): Promise<void> {
    for (const { id, route, frame } of events) {
      if (matches(peer.filter, route)) peer.send(peer.format.event(frame));
      peer.place = { epoch, id };
      if (peer.isBehind()) await peer.drained();
      if (!peer.isOpen()) return;
    }
  }

  function joinAfterGap(peer: Peer, reason: string): void {
    tellGap(peer, reason);
    join(peer);
  }

  async function replay(peer: Peer, from: Cursor): Promise<void> {
    for (let place = from; peer.isOpen(); place = peer.place ?? place) {
      const recent = recentStep(place);
      if (recent && 'events' in recent && recent.events.length === 0) return join(peer);
      const step = recent ?? (await nextStep(peer, place));
      if (!step) return peer.close(CloseCode.TRY_AGAIN);
      if ('gap' in step) return joinAfterGap(peer, step.gap);
      await send(peer, place.epoch, step.events);
    }
  }

  return async function resume(
    peer: Peer,
    since: string,
    greet: (isResumed: boolean) => void,
  ): Promise<void> {
    const place = parseCursor(since);
    const first = place ? await nextStep(peer, place) : { gap: 'unknown cursor' };
    if (!first) return peer.close(CloseCode.TRY_AGAIN);
    if (!place || 'gap' in first) {
      greet(false);
      return joinAfterGap(peer, 'gap' in first ? first.gap : 'unknown cursor');
    }
    peer.place = place;
    greet(true);
    await replay(peer, place);
  };
}
