import { compareStreamIds, type StreamId } from '@dronecast/events';
import { partitionPoint } from '../partition-point.js';
import { type Block, createBlock, type PastEvent } from './block.js';

/** A filter is looked up once a block, so fewer blocks cost it less; but memory is given back by the block. */
const BLOCK_BYTES = 1024 * 1024;

/** The latest events. Their frames take at most `maxBytes`, unless the latest one alone has more. */
export function createRing(maxBytes: number) {
  let blocks: Block[] = [];
  let bytes = 0;
  /** All events after this position are here; undefined until the ring was started. */
  let start: StreamId | undefined;

  function open(frameBytes: number, after: StreamId): Block {
    const block = createBlock(Math.max(BLOCK_BYTES, frameBytes), after);
    blocks.push(block);
    bytes += block.size;
    while (bytes > maxBytes && blocks.length > 1) {
      const oldest = blocks.shift() as Block;
      bytes -= oldest.size;
      start = oldest.end();
    }
    return block;
  }

  return {
    /** Forgets everything and goes on from a position. */
    restart(position: StreamId): void {
      blocks = [];
      bytes = 0;
      start = position;
    },

    /** Events before the first `restart` are not kept. */
    push(event: PastEvent): void {
      if (!start) return;
      const { length } = event.frame;
      const latest = blocks.at(-1);
      (latest?.hasRoomFor(length) ? latest : open(length, latest?.end() ?? start)).push(event);
    },

    /** Whether all events after a position are here. */
    reaches: (position: StreamId): boolean => start !== undefined && compareStreamIds(position, start) >= 0,

    /** The block with the first event after a position that the ring reaches; undefined when there is none yet. */
    next(position: StreamId): Block | undefined {
      const older = partitionPoint(
        blocks.length,
        (at) => compareStreamIds((blocks[at] as Block).end(), position) <= 0,
      );
      return blocks[older];
    },
  };
}

export type Ring = ReturnType<typeof createRing>;
