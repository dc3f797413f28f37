import type { components } from './schema.js';

type Schemas = components['schemas'];

export type EventName =
  | Exclude<{ [N in keyof Schemas]: N extends `drone.${string}` ? N : never }[keyof Schemas], never>
  | 'system.broadcast';
/** The event of a name. */
export type EventOf<N extends EventName> = Schemas[N];
/** A committed change, incident or broadcast, as the relay hands it on. */
export type DronecastEvent = { [N in EventName]: EventOf<N> }[EventName];

/** A drone without its credentials, as events carry it. */
export type Drone = Schemas['Drone'];
export type Incident = Schemas['Incident'];

/** What a connection may be asked for. */
export type Kind = Schemas['Kind'];

/** What the relay says about the connection itself. */
export type RelayFrame = Schemas['RelayFrame'];
export type RelayFrameOf<N extends RelayFrame['event']> = Extract<RelayFrame, { event: N }>;

/** Events may have been missed: read again by REST what matters. */
export type Gap = RelayFrameOf<'relay.gap'>;

/** What another program published on the bus; at most once, and never resumed. */
export interface ForeignEvent {
  readonly type: 'drone:event' | 'system:event';
  readonly channel: string;
  readonly serialNumber?: string;
  readonly foreign: true;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Frame = DronecastEvent | ForeignEvent | RelayFrame;

/** What a reader gets, in order. */
export type Item = DronecastEvent | ForeignEvent | Gap;

export const isForeign = (item: Item): item is ForeignEvent => 'foreign' in item;
export const isGap = (item: Item): item is Gap => item.type === 'relay';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * What was received, as a frame, by the members that this client goes by; undefined for one that it does not know, which
 * it has to ignore. Throws TypeError for what can't be a frame.
 */
export function toFrame(value: unknown): Frame | undefined {
  if (!isObject(value)) throw new TypeError('a frame is a JSON object');
  const { type, event, id, foreign, data } = value;
  if (!isObject(data)) return undefined;
  if (type === 'relay') {
    if (event === 'relay.gap' || 'cursor' in data) {
      if (typeof data.cursor !== 'string') throw new TypeError(`${event} has a cursor that is no text`);
    }
    return typeof event === 'string' ? (value as unknown as RelayFrame) : undefined;
  }
  if (foreign === true) return value as unknown as ForeignEvent;
  return typeof id === 'string' ? (value as unknown as DronecastEvent) : undefined;
}
