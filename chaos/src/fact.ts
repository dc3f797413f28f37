import type { EventDraft, Kind } from '@dronecast/events';
import { parseChannel } from '@dronecast/events';

/** One event, however often and under whatever id it is published. */
export interface Fact {
  readonly key: string;
  readonly kind: Kind;
  /** Absent for a broadcast. */
  readonly serialNumber?: string;
  /** Which life of the serial number, and its revision there; absent for incidents and broadcasts. */
  readonly droneId?: string;
  readonly revision?: number;
}

export const broadcastKey = (message: string): string => `broadcast ${message}`;
export const incidentKey = (id: string): string => `incident ${id}`;
export const changeKey = (droneId: string, revision: number, kind: string): string =>
  `${droneId} ${revision} ${kind}`;

export function toFact(event: EventDraft): Fact {
  if (event.event === 'system.broadcast') return { key: broadcastKey(event.data.message), kind: 'system' };
  const { serialNumber, revision } = event;
  const { droneId } = event.data;
  if (event.event === 'drone.incident.detected')
    return { key: incidentKey(event.data.incident.id), kind: 'incident', serialNumber };
  const kind = parseChannel(event.channel)?.kind as Kind;
  return { key: changeKey(droneId, revision, kind), kind, serialNumber, droneId, revision };
}
