import { compareStreamIds, type Route, type StreamId } from '@dronecast/events';

/** An event as it went out: `frame` is the whole WebSocket frame. */
export interface PastEvent {
  readonly id: StreamId;
  readonly route: Route;
  readonly frame: Buffer;
}

/** Index of the first event after a place, among `count` events ordered by place. */
function indexAfter(idAt: (index: number) => StreamId, count: number, place: StreamId): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareStreamIds(idAt(middle), place) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

const BLOCK_BYTES = 256 * 1024;

/**
 * Consecutive events in one stretch of memory. Kept as an object each, so many events would cost more in garbage
 * collection than all else that the relay does with them.
 */
function createBlock(size: number) {
  const memory = Buffer.allocUnsafeSlow(size);
  const ms: number[] = [];
  const n: number[] = [];
  const ends: number[] = [];
  const routes: Route[] = [];
  let used = 0;

  const idAt = (index: number): StreamId => ({ ms: ms[index] ?? 0, n: n[index] ?? 0 });

  return {
    size,
    idAt,
    count: (): number => ends.length,
    hasRoomFor: (bytes: number): boolean => used + bytes <= size,

    push({ id, route, frame }: PastEvent): void {
      used += frame.copy(memory, used);
      ms.push(id.ms);
      n.push(id.n);
      ends.push(used);
      routes.push(route);
    },

    /** Appends its events after a place to `found`, until there are `limit`. */
    collect(place: StreamId, found: PastEvent[], limit: number): void {
      for (let at = indexAfter(idAt, ends.length, place); at < ends.length && found.length < limit; at += 1) {
        const frame = memory.subarray(ends[at - 1] ?? 0, ends[at]);
        found.push({ id: idAt(at), route: routes[at] as Route, frame });
      }
    },
  };
}

type Block = ReturnType<typeof createBlock>;

/** The latest events, in at most `maxBytes` of memory and somewhat for what is younger than that. */
export function createRing(maxBytes: number) {
  let blocks: Block[] = [];
  let bytes = 0;
  /** All that came after this place is here; undefined until the ring was started. */
  let start: StreamId | undefined;

  function open(frameBytes: number): Block {
    const block = createBlock(Math.max(BLOCK_BYTES, frameBytes));
    blocks.push(block);
    bytes += block.size;
    while (bytes > maxBytes && blocks.length > 1) {
      const oldest = blocks.shift() as Block;
      bytes -= oldest.size;
      start = oldest.idAt(oldest.count() - 1);
    }
    return block;
  }

  return {
    /** Forgets everything and goes on from a place. */
    restart(place: StreamId): void {
      blocks = [];
      bytes = 0;
      start = place;
    },

    push(event: PastEvent): void {
      const { length } = event.frame;
      const latest = blocks.at(-1);
      (latest?.hasRoomFor(length) ? latest : open(length)).push(event);
    },

    /** At most `limit` events after a place; undefined when the ring does not reach back so far. */
    after(place: StreamId, limit: number): readonly PastEvent[] | undefined {
      if (!start || compareStreamIds(place, start) < 0) return undefined;
      const found: PastEvent[] = [];
      const from = indexAfter((index) => (blocks[index] as Block).idAt(0), blocks.length, place);
      for (let at = Math.max(0, from - 1); at < blocks.length && found.length < limit; at += 1)
        blocks[at]?.collect(place, found, limit);
      return found;
    },
  };
}

export type Ring = ReturnType<typeof createRing>;
