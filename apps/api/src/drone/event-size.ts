import { type EventDraft, type EventMessage, encodeEvent } from '@dronecast/events';

/** An event's JSON text is at most so long: relays keep it, and every client gets it. */
export const MAX_EVENT_BYTES = 128 * 1024;

/** A change whose event nobody should have to carry. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';

  constructor(
    readonly event: EventDraft['event'],
    readonly bytes: number,
    /** The one that takes the most of it. */
    readonly field: string,
  ) {
    super(`${event} would be ${bytes} bytes`);
  }
}

export const isTooLarge = ({ body }: EventMessage): boolean => Buffer.byteLength(body) > MAX_EVENT_BYTES;

/** Names of the fields of these objects, the one with the most text in all of them first. */
export function byTextLength(...objects: readonly object[]): string[] {
  const lengths = new Map<string, number>();
  for (const [name, value] of objects.flatMap((object) => Object.entries(object)))
    lengths.set(name, (lengths.get(name) ?? 0) + JSON.stringify(value).length);
  return [...lengths].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

/** The event's text. Throws {@link EventTooLarge}, which names one of the fields of `content`. */
export function encodeBounded(draft: EventDraft, ...content: readonly object[]): EventMessage {
  const message = encodeEvent(draft);
  if (!isTooLarge(message)) return message;
  const [field = ''] = byTextLength(...content);
  throw new EventTooLarge(draft.event, Buffer.byteLength(message.body), field);
}
