import { isSerialNumber } from './name.js';

/** What a client may filter on; the last part of a drone's channel, or `system`. */
export const KINDS = [
  'created',
  'updated',
  'deleted',
  'stream',
  'ai',
  'config',
  'incident',
  'system',
] as const;
export type Kind = (typeof KINDS)[number];
export type DroneKind = Exclude<Kind, 'system'>;

export const SYSTEM_BROADCAST_CHANNEL = 'system:broadcast';

/** Patterns that together cover each channel a relay forwards. */
export const CHANNEL_PATTERNS = ['drone:*', 'system:*'] as const;

/**
 * In a channel all but letters, digits, `.`, `_` and `-` of a serial number is percent-encoded: its `:` would look like
 * the channel's own.
 */
export const droneChannel = (serialNumber: string, kind: DroneKind): string =>
  `drone:${encodeURIComponent(serialNumber)}:${kind}`;

/** Undefined unless it is encoded as {@link droneChannel} does it: no drone has two channels of one kind. */
function decodeSerialNumber(encoded: string): string | undefined {
  try {
    const serialNumber = decodeURIComponent(encoded);
    return isSerialNumber(serialNumber) && encodeURIComponent(serialNumber) === encoded
      ? serialNumber
      : undefined;
  } catch {
    return undefined; // Not percent-encoded UTF-8.
  }
}

/** Copies for plain Redis subscribers; a relay never forwards them, since each event also has its own channel. */
const COPY_OF: ReadonlyMap<string, string> = new Map([
  ['created', 'drone:all:created'],
  ['deleted', 'drone:all:deleted'],
  ['incident', 'incidents:all'],
]);
const COPIES: ReadonlySet<string> = new Set(COPY_OF.values());

/** The reserved channel that also gets what is published on `channel`, if there is one. */
export function copyChannel(channel: string): string | undefined {
  return channel.startsWith('drone:') ? COPY_OF.get(channel.slice(channel.lastIndexOf(':') + 1)) : undefined;
}

export const isCopyChannel = (channel: string): boolean => COPIES.has(channel);

/**
 * Whom a channel concerns: one drone, the fleet (`drone:all:*`) or everybody (`system:*`).
 * `kind` is a {@link Kind} on our own channels; other publishers may use kinds that we do not know.
 */
export type Route =
  | { readonly scope: 'drone'; readonly serialNumber: string; readonly kind: string }
  | { readonly scope: 'fleet'; readonly kind: string }
  | { readonly scope: 'system'; readonly kind: 'system' };

/** Undefined when `channel` is none of ours. */
export function parseChannel(channel: string): Route | undefined {
  const [space, name, kind, ...rest] = channel.split(':');
  if (!name) return undefined;
  if (space === 'system') return { scope: 'system', kind: 'system' };
  if (space !== 'drone' || !kind || rest.length > 0) return undefined;
  if (name === 'all') return { scope: 'fleet', kind };
  const serialNumber = decodeSerialNumber(name);
  return serialNumber === undefined ? undefined : { scope: 'drone', serialNumber, kind };
}

/**
 * The route of an event that an API published. Earlier versions also changed drones of older data, whose serial numbers
 * they did not encode. They published the events of one that is called `all` to the whole fleet: these concern nobody.
 */
export function parseEventChannel(channel: string): Route | undefined {
  const route = parseChannel(channel);
  if (route) return route.scope === 'fleet' ? undefined : route;
  const end = channel.lastIndexOf(':');
  const [serialNumber, kind] = [channel.slice('drone:'.length, end), channel.slice(end + 1)];
  const isEarlier =
    channel.startsWith('drone:') && isSerialNumber(serialNumber) && KINDS.includes(kind as Kind);
  return isEarlier ? { scope: 'drone', serialNumber, kind } : undefined;
}
