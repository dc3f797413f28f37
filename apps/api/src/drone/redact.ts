import { type DroneChanges, type PublicDrone, REDACTED } from '@dronecast/events';
import type { Difference } from './diff.js';
import type { Drone } from './drone.js';
import { isSealed } from './sealed.js';

/**
 * User info of a URL's authority (RFC 3986 section 3.2.1), also where a URL is part of another one, and where the
 * password has a `?` or `#` that should have been escaped: players take it, so people write it.
 */
const USER_INFO = /\/\/[^/]*@/g;

export const hasUserInfo = (url: string): boolean => url.search(USER_INFO) >= 0;

/** `rtsp://user:secret@host/` becomes `rtsp://***@host/`; of what cannot be read nothing is left. */
export const maskUserInfo = (url: string): string =>
  isSealed(url) ? '***' : url.replace(USER_INFO, '//***@');

/** The drone as everybody may see it: without credentials, user info in URLs masked. */
export function toPublic({ streamCredentials, ...drone }: Drone): PublicDrone {
  return { ...drone, streamUrl: maskUserInfo(drone.streamUrl), webRTCUrl: maskUserInfo(drone.webRTCUrl) };
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
    ...(streamUrl !== undefined && { streamUrl: maskUserInfo(streamUrl) }),
    ...(webRTCUrl !== undefined && { webRTCUrl: maskUserInfo(webRTCUrl) }),
    ...(streamCredentials !== undefined && { streamCredentials: REDACTED }),
  };
}
