import { type DroneKind, droneChannel, type EventMessage } from '@dronecast/events';
import type { HistoryEvent, Outbox, OutboxEntry } from '../src/index.js';

/** An event whose text is told apart by `mark`. */
export function event(mark: string, serialNumber = 'DRN-1', kind: DroneKind = 'updated'): EventMessage {
  const channel = droneChannel(serialNumber, kind);
  return { channel, body: JSON.stringify({ type: 'drone:event', channel, mark }) };
}

/** An entry of one event, marked `<serialNumber>/<seq>`. */
export function entry(seq: number, serialNumber = 'DRN-1'): OutboxEntry {
  return { seq, events: [event(`${serialNumber}/${seq}`, serialNumber)] };
}

/** The entries `from` to `to` of a drone. */
export function outbox(from: number, to: number, key = 'DRN-1'): Outbox {
  return { key, entries: Array.from({ length: to - from + 1 }, (_, i) => entry(from + i, key)) };
}

/** The marks of events, in their order. */
export const marks = (events: readonly HistoryEvent[]): string[] =>
  events.map(({ frame }) => markOf(frame.toString()));

export const markOf = (frame: string): string => (JSON.parse(frame) as { mark: string }).mark;

/** `1` to `count`, as {@link outbox} marks them. */
export const marksUpTo = (count: number, key = 'DRN-1'): string[] =>
  Array.from({ length: count }, (_, i) => `${key}/${i + 1}`);
