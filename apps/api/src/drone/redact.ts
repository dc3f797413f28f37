import {
  type DroneChanges,
  MASK,
  maskUrl as maskSecrets,
  type PublicDrone,
  REDACTED,
} from '@dronecast/events';
import type { Difference } from './diff.js';
import type { Drone } from './drone.js';
import { isSealed } from './sealed.js';

/** The URL with its secrets masked. A URL that is still encrypted becomes `***`. */
export const maskUrl = (url: string): string => (isSealed(url) ? MASK : maskSecrets(url));

/** The drone as everybody may see it: without credentials, secrets in URLs masked. */
export function toPublic({ streamCredentials, ...drone }: Drone): PublicDrone {
  return { ...drone, streamUrl: maskUrl(drone.streamUrl), webRTCUrl: maskUrl(drone.webRTCUrl) };
}

/** The drone with its credentials but for the password. */
export function withoutPassword(drone: Drone) {
  const { password, ...streamCredentials } = drone.streamCredentials;
  return { ...toPublic(drone), streamCredentials };
}

/** That credentials changed is public, to what is not. */
export function redactChanges(changes: Difference['changes']): DroneChanges {
  const { streamCredentials, streamUrl, webRTCUrl, ...rest } = changes;
  return {
    ...rest,
    ...(streamUrl !== undefined && { streamUrl: maskUrl(streamUrl) }),
    ...(webRTCUrl !== undefined && { webRTCUrl: maskUrl(webRTCUrl) }),
    ...(streamCredentials !== undefined && { streamCredentials: REDACTED }),
  };
}
