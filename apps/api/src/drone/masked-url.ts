import { type FieldError, ValidationError } from '@dronecast/runtime';
import type { Drone } from './drone.js';
import { maskUserInfo } from './redact.js';

/** User info and the host that it is for; see the rule of {@link maskUserInfo}. */
const AUTHORITY = /\/\/([^/]*)@([^/@?#]*)/g;
const MASKED_AUTHORITY = /\/\/\*\*\*@([^/@?#]*)/g;

type Urls = Pick<Drone, 'streamUrl' | 'webRTCUrl'>;
const FIELDS = ['streamUrl', 'webRTCUrl'] as const;

/**
 * The URL with the stored user info in place of its mask. User info goes only to the host that it was stored for: else who
 * may change a URL but not read its password could have the password sent to a host of their own. Undefined when a masked
 * host has no stored user info.
 */
function unmask(url: string, stored: string): string | undefined {
  if (url === maskUserInfo(stored)) return stored;
  const userInfo = new Map([...stored.matchAll(AUTHORITY)].map(([, info, host]) => [host, info]));
  let isComplete = url !== '***';
  const unmasked = url.replace(MASKED_AUTHORITY, (masked, host: string) => {
    const info = userInfo.get(host);
    if (info === undefined) isComplete = false;
    return info === undefined ? masked : `//${info}@${host}`;
  });
  return isComplete ? unmasked : undefined;
}

/**
 * What a caller sends, with its masked URLs made whole from what is stored: a form that shows `rtsp://***@host/` sends it
 * back. Throws a ValidationError that names each URL whose mask stands for nothing.
 */
export function unmaskUrls<T extends { readonly [K in keyof Urls]?: unknown }>(fields: T, stored: Urls): T {
  const errors: FieldError[] = [];
  const unmasked: Partial<Urls> = {};
  for (const field of FIELDS) {
    const url = fields[field];
    if (typeof url !== 'string') continue;
    const whole = unmask(url, stored[field]);
    if (whole !== undefined) unmasked[field] = whole;
    else
      errors.push({
        pointer: `/${field}`,
        message: 'must have its credentials in place of ***, since none are stored for this host',
      });
  }
  if (errors.length > 0) throw new ValidationError(errors);
  return { ...fields, ...unmasked };
}
