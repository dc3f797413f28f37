import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { EventBus, HistoryEvent, HistoryPage } from '@dronecast/bus';
import {
  type Cursor,
  compareStreamIds,
  parseEventChannel,
  type Route,
  STREAM_START,
} from '@dronecast/events';
import { type Block, createBlock } from './block.js';

/** Events that a read asks for. */
const READ_EVENTS = 500;
/**
 * Bytes of a page, unless its first event alone has more. A read returns hardly more than 256 KiB; what exceeds a page
 * is read again.
 */
const PAGE_BYTES = 320 * 1024;
const MAX_PAGES = 64;
/** Bytes of all pages that are kept, unless the latest one alone has more. */
const MAX_BYTES = 16 * 1024 * 1024;
const RETRY_MS = 100;

export interface ArchiveDependencies {
  readonly bus: Pick<EventBus, 'read'>;
  readonly toFrame: (text: Buffer) => Buffer;
}

/** Whether there is more after a position, or why a client that asks for it must be told of a gap. */
export type Found = boolean | { readonly gap: string };

/** Whoever waits for a page. */
export interface Reader {
  /** False once it needs no page any more. */
  isOpen(): boolean;
  /** Milliseconds since 1970 until which the bus may be out of reach. */
  readonly waitsUntil: number;
}

interface Request {
  readonly position: Cursor;
  readonly reader: Reader;
  readonly resolve: (found: Found) => void;
  readonly reject: (error: unknown) => void;
}

/** The first events, as many as fit into a page. */
function cutPage(events: readonly HistoryEvent[]): readonly HistoryEvent[] {
  let bytes = 0;
  const end = events.findIndex(({ frame }, index) => {
    bytes += frame.length;
    return index > 0 && bytes > PAGE_BYTES;
  });
  return end < 0 ? events : events.slice(0, end);
}

/**
 * Reads older events from the bus for many clients at once: one read runs at a time, and its page serves everybody who
 * is anywhere inside it, so that a thousand clients that resume together cost a handful of reads. While the bus is out
 * of reach, one read is tried again for all of them.
 */
export function createArchive({ bus, toFrame }: ArchiveDependencies) {
  const pages: { readonly epoch: string; readonly block: Block }[] = [];
  let bytes = 0;
  /** Oldest first. */
  const requests = new Set<Request>();
  let isReading = false;
  let asking: Promise<string> | undefined;

  function toBlock({ id: start }: Cursor, events: readonly HistoryEvent[]): Block {
    const routes = new Map<string, Route | undefined>();
    const past = cutPage(events).map(({ id, channel, frame }) => {
      if (!routes.has(channel)) routes.set(channel, parseEventChannel(channel));
      return { id, route: routes.get(channel), frame: toFrame(frame) };
    });
    const size = past.reduce((sum, { frame }) => sum + frame.length, 0);
    const block = createBlock(size, start);
    for (const { id, route, frame } of past) {
      if (route) block.push({ id, route, frame });
      else block.skip(id);
    }
    return block;
  }

  function keep(epoch: string, block: Block): void {
    pages.push({ epoch, block });
    bytes += block.size;
    while (pages.length > MAX_PAGES || (bytes > MAX_BYTES && pages.length > 1))
      bytes -= pages.shift()?.block.size ?? 0;
  }

  function find({ epoch, id }: Cursor): Block | undefined {
    return pages.find((page) => page.epoch === epoch && page.block.covers(id))?.block;
  }

  function settle(request: Request, found: Found): void {
    requests.delete(request);
    request.resolve(found);
  }

  /** What a read after `asked` says to a request; undefined when that is nothing. */
  function answerTo(
    { epoch, id }: Cursor,
    asked: Cursor,
    page: HistoryPage,
    block?: Block,
  ): Found | undefined {
    if (epoch !== page.epoch) return false;
    const isAsked = compareStreamIds(id, asked.id) === 0;
    if (isAsked && !page.isKnown) return { gap: 'history lost' };
    if (compareStreamIds(id, page.floor) < 0) return { gap: 'history trimmed' };
    return block?.covers(id) || (isAsked ? false : undefined);
  }

  function dropImpatient(now: number): void {
    for (const request of requests) if (now > request.reader.waitsUntil) settle(request, false);
  }

  async function read(asked: Cursor): Promise<void> {
    const page = await bus.read(asked.id, READ_EVENTS).catch(() => undefined);
    if (!page) {
      dropImpatient(Date.now());
      return delay(RETRY_MS);
    }
    const isWhole = page.isKnown && compareStreamIds(asked.id, page.floor) >= 0;
    const block = isWhole && page.events.length > 0 ? toBlock(asked, page.events) : undefined;
    if (block) keep(page.epoch, block);
    for (const request of requests) {
      const found = answerTo(request.position, asked, page, block);
      if (found !== undefined) settle(request, found);
    }
  }

  async function readAll(): Promise<void> {
    isReading = true;
    for (let [request] = requests; request; [request] = requests) {
      if (!request.reader.isOpen()) settle(request, false);
      else {
        await read(request.position).catch((error) => {
          requests.delete(request);
          request.reject(error);
        });
      }
    }
    isReading = false;
  }

  return {
    /** The page with the next event after a position, as long as it is kept. */
    find,

    /**
     * Resolves when the page with the next event was read. With false when there is no such event, when the bus is in
     * another epoch, when the reader is gone, or when the bus was out of reach for as long as the reader waits.
     */
    load: (position: Cursor, reader: Reader): Promise<Found> =>
      new Promise((resolve, reject) => {
        requests.add({ position, reader, resolve, reject });
        if (!isReading) void readAll();
      }),

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
