import {
  compareStreamIds,
  type DroneKind,
  droneChannel,
  type EventMessage,
  STREAM_START,
  SYSTEM_BROADCAST_CHANNEL,
} from '@dronecast/events';
import type { EventBus, HistoryEvent, HistoryPage, Outbox, OutboxEntry } from '../src/index.js';

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

/** The same with so many more bytes in each event. */
export function largeOutbox(from: number, to: number, bytes: number, key = 'DRN-1'): Outbox {
  const padding = 'x'.repeat(bytes);
  const entries = outbox(from, to, key).entries.map(({ seq, events }) => ({
    seq,
    events: events.map(({ channel, body }) => ({
      channel,
      body: JSON.stringify({ ...JSON.parse(body), padding }),
    })),
  }));
  return { key, entries };
}

/** A broadcast with a mark and so many more bytes. */
export const broadcast = (mark: string, bytes = 0): Outbox => ({
  key: undefined,
  entries: [
    {
      seq: 1,
      events: [
        {
          channel: SYSTEM_BROADCAST_CHANNEL,
          body: JSON.stringify({ event: 'system.broadcast', mark, padding: 'x'.repeat(bytes) }),
        },
      ],
    },
  ],
});

/** The whole history as one page, as if no time had passed. */
export async function readAll(bus: Pick<EventBus, 'read'>): Promise<HistoryPage> {
  const events: HistoryEvent[] = [];
  for (;;) {
    const page = await bus.read(events.at(-1)?.id ?? STREAM_START, 10_000);
    events.push(...page.events);
    const last = events.at(-1)?.id ?? page.newest;
    if (page.events.length === 0 || compareStreamIds(last, page.newest) >= 0)
      return { ...page, now: 0, events };
  }
}

/** The marks of events, in their order. */
export const marks = (events: readonly HistoryEvent[]): string[] =>
  events.map(({ frame }) => markOf(frame.toString()));

export const markOf = (frame: string): string => (JSON.parse(frame) as { mark: string }).mark;

/** `1` to `count`, as {@link outbox} marks them. */
export const marksUpTo = (count: number, key = 'DRN-1'): string[] =>
  Array.from({ length: count }, (_, i) => `${key}/${i + 1}`);
