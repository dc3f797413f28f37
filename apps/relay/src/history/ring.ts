import { compareStreamIds, type Route, type StreamId } from '@dronecast/events';

/** An event as it went out: `frame` is the whole WebSocket frame. */
export interface PastEvent {
  readonly id: StreamId;
  readonly route: Route;
  readonly frame: Buffer;
}

/** Index of the first event after a place, in events ordered by place. */
export function indexAfter(events: readonly PastEvent[], place: StreamId, from = 0): number {
  let low = from;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event && compareStreamIds(event.id, place) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The latest events, at most `maxBytes` of them. */
export function createRing(maxBytes: number) {
  let events: PastEvent[] = [];
  let first = 0;
  let bytes = 0;
  /** All that came after this place is here; undefined until the ring was started. */
  let start: StreamId | undefined;

  function dropOldest(): void {
    const oldest = events[first];
    if (!oldest) return;
    first += 1;
    bytes -= oldest.frame.length;
    start = oldest.id;
    if (first > 1024 && first > events.length / 2) {
      events = events.slice(first);
      first = 0;
    }
  }

  return {
    /** Forgets everything and goes on from a place. */
    restart(place: StreamId): void {
      events = [];
      first = 0;
      bytes = 0;
      start = place;
    },

    push(event: PastEvent): void {
      events.push(event);
      bytes += event.frame.length;
      while (bytes > maxBytes) dropOldest();
    },

    /** At most `limit` events after a place; undefined when the ring does not reach back so far. */
    after(place: StreamId, limit: number): readonly PastEvent[] | undefined {
      if (!start || compareStreamIds(place, start) < 0) return undefined;
      const index = indexAfter(events, place, first);
      return events.slice(index, index + limit);
    },
  };
}

export type Ring = ReturnType<typeof createRing>;
