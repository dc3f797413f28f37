import { isUtf8 } from 'node:buffer';
import type { Route } from '@dronecast/events';

/** A message of another publisher may be so long. */
const MAX_BYTES = 256 * 1024;

function isJsonObject(payload: Buffer): boolean {
  if (payload.length > MAX_BYTES || !isUtf8(payload)) return false;
  try {
    const value: unknown = JSON.parse(payload.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * The frame for a message that is not ours: marked `foreign` and without an `id`, so that it cannot pass for a place in
 * the history; `data` is the message as it came. Undefined when it is no JSON object, or too long.
 */
export function wrapForeign(channel: string, route: Route, payload: Buffer): Buffer | undefined {
  if (!isJsonObject(payload)) return undefined;
  const head = {
    type: route.scope === 'system' ? 'system:event' : 'drone:event',
    channel,
    ...(route.scope === 'drone' && { serialNumber: route.serialNumber }),
    foreign: true,
  };
  return Buffer.concat([
    Buffer.from(`${JSON.stringify(head).slice(0, -1)},"data":`),
    payload,
    Buffer.from('}'),
  ]);
}
