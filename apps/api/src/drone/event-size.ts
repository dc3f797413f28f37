import { type EventDraft, type EventMessage, encodeEvent, type PublicDrone } from '@dronecast/events';

/** Most bytes of an event's JSON text. Relays keep events in memory and send them to every client. */
export const MAX_EVENT_BYTES = 128 * 1024;
/** An upper bound for what an event holds beside the drone's values. */
const ENVELOPE_BYTES = 4096;

/** The event of a change would be larger than {@link MAX_EVENT_BYTES}. */
export class EventTooLarge extends Error {
  override readonly name = 'EventTooLarge';

  constructor(
    readonly event: EventDraft['event'],
    readonly bytes: number,
    /** The field that takes up most of it. */
    readonly field: string,
  ) {
    super(`${event} would be ${bytes} bytes`);
  }
}

export const isTooLarge = ({ body }: EventMessage): boolean => Buffer.byteLength(body) > MAX_EVENT_BYTES;

/** Bytes of a value as JSON. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Whether the event of clearing a field could be too large, because the drone itself nearly fills an event. */
export const isOversized = (drone: PublicDrone): boolean =>
  jsonBytes(drone) > MAX_EVENT_BYTES - ENVELOPE_BYTES;

/** Names of the fields of these objects, ordered by their total size in all of them, largest first. */
export function bySize(...objects: readonly object[]): string[] {
  const sizes = new Map<string, number>();
  for (const [name, value] of objects.flatMap((object) => Object.entries(object)))
    sizes.set(name, (sizes.get(name) ?? 0) + jsonBytes(value));
  return [...sizes].sort(([, a], [, b]) => b - a).map(([name]) => name);
}

/** The event's text. Throws {@link EventTooLarge}, which names the largest field of `content`. */
export function encodeBounded(draft: EventDraft, ...content: readonly object[]): EventMessage {
  const message = encodeEvent(draft);
  if (!isTooLarge(message)) return message;
  const [field = ''] = bySize(...content);
  throw new EventTooLarge(draft.event, Buffer.byteLength(message.body), field);
}
