import type { EventBus } from '@dronecast/bus';
import { compareStreamIds, parseChannel, type StreamId } from '@dronecast/events';
import { indexAfter, type PastEvent } from './ring.js';

const PAGE = 500;
const MAX_PAGES = 64;

/** Consecutive events: all that came after `from`, up to and including `to`. */
interface Page {
  readonly from: StreamId;
  readonly to: StreamId;
  readonly events: readonly PastEvent[];
}

export interface ArchiveDependencies {
  readonly bus: Pick<EventBus, 'read'>;
  readonly toFrame: (text: Buffer) => Buffer;
}

/** What `after` finds: events, or why a client that asks for them must be told of a gap. */
export type Found = { readonly events: readonly PastEvent[] } | { readonly gap: string };

/**
 * Reads older events from the bus for many clients at once: one read runs at a time, and its page serves everybody who
 * is anywhere inside it, so that a thousand clients that resume together cost a handful of reads.
 */
export function createArchive({ bus, toFrame }: ArchiveDependencies) {
  let epoch: string | undefined;
  let pages: Page[] = [];
  let reading: Promise<unknown> | undefined;

  const findPage = (place: StreamId): Page | undefined =>
    pages.find(({ from, to }) => compareStreamIds(from, place) <= 0 && compareStreamIds(place, to) < 0);

  async function read(place: StreamId, inEpoch: string): Promise<Found> {
    const page = await bus.read(place, PAGE);
    if (page.epoch !== inEpoch || !page.isKnown) return { gap: 'history lost' };
    if (compareStreamIds(place, page.floor) < 0) return { gap: 'history trimmed' };
    const events = page.events.flatMap(({ id, channel, frame }) => {
      const route = parseChannel(channel);
      return route ? [{ id, route, frame: toFrame(frame) }] : [];
    });
    const last = page.events.at(-1);
    if (last) pages = [...pages, { from: place, to: last.id, events }].slice(-MAX_PAGES);
    return { events };
  }

  return {
    /** The next events after a place, at least one unless there is none. Rejects while the bus is away. */
    async after(place: StreamId, inEpoch: string): Promise<Found> {
      if (epoch !== inEpoch) {
        epoch = inEpoch;
        pages = [];
      }
      for (;;) {
        const page = findPage(place);
        if (page) return { events: page.events.slice(indexAfter(page.events, place)) };
        if (!reading) break;
        await reading.catch(() => {});
      }
      const mine = read(place, inEpoch);
      reading = mine;
      try {
        return await mine;
      } finally {
        reading = undefined;
      }
    },
  };
}

export type Archive = ReturnType<typeof createArchive>;
