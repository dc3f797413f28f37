import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventBus } from '@dronecast/bus';
import { compareStreamIds, parseChannel, STREAM_START, type StreamId } from '@dronecast/events';
import type { PastEvent } from './ring.js';

const PAGE = 500;
const MAX_PAGES = 64;

/** Consecutive events: all that came after `from`, up to and including `to`. */
interface Page {
  readonly epoch: string;
  readonly from: StreamId;
  readonly to: StreamId;
  readonly events: readonly PastEvent[];
}

export interface ArchiveDependencies {
  readonly bus: Pick<EventBus, 'read'>;
  readonly toFrame: (text: Buffer) => Buffer;
}

/** Events, or why a client that asks for them must be told of a gap. */
export type Found = { readonly events: readonly PastEvent[] } | { readonly gap: string };

function eventsAfter(events: readonly PastEvent[], place: StreamId): readonly PastEvent[] {
  return events.filter(({ id }) => compareStreamIds(id, place) > 0);
}

/**
 * Reads older events from the bus for many clients at once: one read runs at a time, and its page serves everybody who
 * is anywhere inside it, so that a thousand clients that resume together cost a handful of reads.
 */
export function createArchive({ bus, toFrame }: ArchiveDependencies) {
  let pages: Page[] = [];
  let reading: Promise<unknown> | undefined;
  let asking: Promise<string> | undefined;

  const findPage = (place: StreamId, inEpoch: string): Page | undefined =>
    pages.find(
      ({ epoch, from, to }) =>
        epoch === inEpoch && compareStreamIds(from, place) <= 0 && compareStreamIds(place, to) < 0,
    );

  async function read(place: StreamId, epoch: string): Promise<Found> {
    const page = await bus.read(place, PAGE);
    if (page.epoch !== epoch) return { events: [] };
    if (!page.isKnown) return { gap: 'history lost' };
    if (compareStreamIds(place, page.floor) < 0) return { gap: 'history trimmed' };
    const events = page.events.flatMap(({ id, channel, frame }) => {
      const route = parseChannel(channel);
      return route ? [{ id, route, frame: toFrame(frame) }] : [];
    });
    const last = page.events.at(-1);
    if (last) pages = [...pages, { epoch, from: place, to: last.id, events }].slice(-MAX_PAGES);
    return { events };
  }

  return {
    /**
     * The next events after a place: at least one, unless there is none or the epoch is not the bus's. Rejects while
     * the bus is away.
     */
    async after(place: StreamId, epoch: string): Promise<Found> {
      for (;;) {
        const page = findPage(place, epoch);
        if (page) return { events: eventsAfter(page.events, place) };
        if (!reading) break;
        await reading.catch(() => {});
      }
      const mine = read(place, epoch);
      reading = mine;
      try {
        return await mine;
      } finally {
        reading = undefined;
      }
    },

    /** The bus's epoch now; one question for all who ask at the same time. Rejects while the bus is away. */
    epoch(): Promise<string> {
      asking ??= nextTurn().then(async () => {
        asking = undefined;
        return (await bus.read(STREAM_START, 0)).epoch;
      });
      return asking;
    },
  };
}

export type Archive = ReturnType<typeof createArchive>;
