import { compareStreamIds, type Route, type StreamId } from '@dronecast/events';
import { kindBit } from '../hub/filter.js';
import type { Matcher } from '../hub/matcher.js';
import { partitionPoint } from '../partition-point.js';
import { createSubjects } from './subjects.js';

/** An event as it went out: `frame` is the whole WebSocket frame. */
export interface PastEvent {
  readonly id: StreamId;
  readonly route: Route;
  readonly frame: Buffer;
}

/** What a reader gets in one step. */
export interface Stretch {
  /** Events that match, oldest first: views of the block's memory, to be copied by whoever keeps them. */
  readonly frames: readonly Buffer[];
  /** The position of the last event that was looked at, whether it matches or not. */
  readonly to: StreamId;
}

/**
 * Consecutive events after `start`, whose frames share `size` bytes of memory. An object for each event would cost more
 * in garbage collection than everything else that the relay does with them.
 */
export function createBlock(size: number, start: StreamId) {
  const memory = Buffer.allocUnsafeSlow(size);
  const ms: number[] = [];
  const n: number[] = [];
  const ends: number[] = [];
  const kinds: number[] = [];
  const subjects: number[] = [];
  const numbering = createSubjects();
  /** Of all its events. */
  let allKinds = 0;
  let used = 0;
  let end = start;

  const idAt = (index: number): StreamId => ({ ms: ms[index] ?? 0, n: n[index] ?? 0 });
  const indexAfter = (position: StreamId): number =>
    partitionPoint(ends.length, (at) => ((ms[at] ?? 0) - position.ms || (n[at] ?? 0) - position.n) <= 0);

  return {
    size,
    start,
    /** The position of its last event. */
    end: (): StreamId => end,
    hasRoomFor: (bytes: number): boolean => used + bytes <= size,
    /** Whether the next event after a position is one of these. */
    covers: (position: StreamId): boolean =>
      compareStreamIds(start, position) <= 0 && compareStreamIds(position, end) < 0,

    push({ id, route, frame }: PastEvent): void {
      used += frame.copy(memory, used);
      ms.push(id.ms);
      n.push(id.n);
      ends.push(used);
      const kind = kindBit(route.kind);
      kinds.push(kind);
      allKinds |= kind;
      subjects.push(numbering.numberOf(route));
      end = id;
    },

    /** Moves past an event that no client can follow. */
    skip(id: StreamId): void {
      end = id;
    },

    /** What comes after a position and matches: one frame, or several of at most `maxBytes` together. */
    read(position: StreamId, matcher: Matcher, maxBytes: number): Stretch {
      const wanted = matcher.filter.kinds;
      const selected = wanted & allKinds ? matcher.select(numbering) : undefined;
      const frames: Buffer[] = [];
      if (!selected) return { frames, to: end };
      let bytes = 0;
      for (let at = indexAfter(position); at < ends.length; at += 1) {
        if (!(wanted & (kinds[at] ?? 0)) || !selected[subjects[at] ?? 0]) continue;
        const frame = memory.subarray(ends[at - 1] ?? 0, ends[at]);
        bytes += frame.length;
        if (frames.length > 0 && bytes > maxBytes) return { frames, to: idAt(at - 1) };
        frames.push(frame);
      }
      return { frames, to: end };
    },
  };
}

export type Block = ReturnType<typeof createBlock>;
