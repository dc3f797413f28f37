import { setTimeout as delay } from 'node:timers/promises';
import { CloseCode, type Cursor, compareStreamIds, parseCursor } from '@dronecast/events';
import type { Archive, Found } from '../history/archive.js';
import type { Ring } from '../history/ring.js';
import type { TimeSlices } from '../history/time-slices.js';
import { createMatcher, type Matcher } from '../hub/matcher.js';
import type { Peer } from './peer.js';

const RETRY_MS = 100;
/** Milliseconds that the history may be out of reach before the client is sent elsewhere. */
const PATIENCE_MS = 5000;
/**
 * Bytes of one write, unless its first event alone has more. Half of the least buffer that can be set, so that a client
 * that keeps up never looks like one that does not.
 */
const WRITE_BYTES = 32 * 1024;

export interface ResumeDependencies {
  /** How far the relay itself is. */
  readonly position: () => Cursor;
  readonly ring: Ring;
  readonly archive: Archive;
  /** Shared by all replays. */
  readonly slices: TimeSlices;
  readonly tellGap: (peer: Peer, reason: string) => void;
  /** From now on the peer gets live events. */
  readonly join: (peer: Peer) => void;
}

/** Why a replay stops for now: the client reads slowly, the next events are not in memory, or it is done. */
type Stop = 'behind' | 'not in memory' | 'done';

/**
 * Brings a client from where it was to the present: from the ring if that reaches back so far, else from the archive,
 * no faster than the client reads. The step from the last replayed event to live delivery is synchronous, so that
 * nothing can come in between. A client is sent copies, and its position is looked up again after each wait, so that a
 * slow client holds no memory of the history.
 */
export function createResume({ position, ring, archive, slices, tellGap, join }: ResumeDependencies) {
  let retry: Promise<void> | undefined;

  /** One timer for all who wait. */
  function nextTry(): Promise<void> {
    retry ??= delay(RETRY_MS).then(() => {
      retry = undefined;
    });
    return retry;
  }

  /** False when the ring does not reach back so far, or the client is ahead of this relay. */
  function isRecent({ epoch, id }: Cursor): boolean {
    const present = position();
    return epoch === present.epoch && compareStreamIds(id, present.id) <= 0 && ring.reaches(id);
  }

  /** False while this relay itself has yet to find out what the bus knows, or the bus is out of reach. */
  async function findOlder(peer: Peer, cursor: Cursor, waitsUntil: number): Promise<Found> {
    if (cursor.epoch === position().epoch) return archive.load(cursor, { isOpen: peer.isOpen, waitsUntil });
    const current = await archive.epoch().catch(() => undefined);
    const isLost = current !== cursor.epoch && current === position().epoch;
    return isLost && { gap: 'history lost' };
  }

  /** False when the bus stays away too long, or the client leaves. */
  async function find(peer: Peer, cursor: Cursor): Promise<Found> {
    const waitsUntil = Date.now() + PATIENCE_MS;
    while (peer.isOpen()) {
      const isInMemory = isRecent(cursor) || archive.find(cursor) !== undefined;
      const found = isInMemory || (await findOlder(peer, cursor, waitsUntil));
      if (found) return found;
      if (Date.now() > waitsUntil) return false;
      await nextTry();
    }
    return false;
  }

  function joinAfterGap(peer: Peer, reason: string): void {
    tellGap(peer, reason);
    join(peer);
  }

  async function replay(peer: Peer, from: Cursor): Promise<void> {
    let cursor = from;
    let matcher: Matcher | undefined;

    /** Undefined when the next step may follow at once. */
    function sendNext(): Stop | undefined {
      if (!peer.isOpen()) return 'done';
      const isInRing = isRecent(cursor);
      const block = isInRing ? ring.next(cursor.id) : archive.find(cursor);
      if (!block) {
        if (!isInRing) return 'not in memory';
        join(peer);
        return 'done';
      }
      if (matcher?.filter !== peer.filter) matcher = createMatcher(peer.filter);
      const { frames, to } = block.read(cursor.id, matcher, WRITE_BYTES);
      if (frames.length > 0) peer.send(Buffer.concat(frames.map((frame) => peer.format.event(frame))));
      cursor = { epoch: cursor.epoch, id: to };
      peer.place = cursor;
      return peer.isBehind() ? 'behind' : undefined;
    }

    for (;;) {
      const stop = await slices.run(sendNext);
      matcher = undefined; // It holds the index of the block that it was asked about last.
      if (stop === 'done') return;
      if (stop === 'behind') await peer.drained();
      else {
        const found = await find(peer, cursor);
        if (!found) return peer.close(CloseCode.TRY_AGAIN);
        if (found !== true) return joinAfterGap(peer, found.gap);
      }
    }
  }

  /** Rejects with an error that nobody expected. */
  return async function resume(
    peer: Peer,
    since: string,
    greet: (isResumed: boolean) => void,
  ): Promise<void> {
    const startAfterGap = (reason: string): void => {
      greet(false);
      joinAfterGap(peer, reason);
    };
    const cursor = parseCursor(since);
    if (!cursor) return startAfterGap('unknown cursor');
    const found = await find(peer, cursor);
    if (!found) return peer.close(CloseCode.TRY_AGAIN);
    if (found !== true) return startAfterGap(found.gap);
    peer.place = cursor;
    greet(true);
    await replay(peer, cursor);
  };
}
