import { compareStreamIds, parseCursor } from '@dronecast/events';

/** Whether a text can be a cursor, of whatever form: the relay refuses others. */
export const isCursor = (text: unknown): text is string =>
  typeof text === 'string' && /^[\x21-\x7e]{1,64}$/.test(text);

/** Whether `id` is not after `cursor` in the same life of the history. */
function isPast(id: string, cursor: string): boolean {
  const event = parseCursor(id);
  const place = parseCursor(cursor);
  return event && place
    ? event.epoch === place.epoch && compareStreamIds(event.id, place.id) <= 0
    : id === cursor;
}

/** How far a client is. */
export function createPlace(start: string | undefined) {
  let cursor = start;
  return {
    cursor: (): string | undefined => cursor,

    /** What the relay says it is. */
    move(to: string): void {
      cursor = to;
    },

    /** Takes a step to an event; false when it was here before. */
    advance(id: string): boolean {
      if (cursor !== undefined && isPast(id, cursor)) return false;
      cursor = id;
      return true;
    },
  };
}
