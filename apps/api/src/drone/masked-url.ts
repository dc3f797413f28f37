import { authorities, MASK, replaceSecrets, type SecretSpan, USER_INFO, urlSecrets } from '@dronecast/events';
import { type FieldError, ValidationError } from '@dronecast/runtime';
import type { Drone } from './drone.js';
import { maskUrl } from './redact.js';

type Urls = Pick<Drone, 'streamUrl' | 'webRTCUrl'>;
const FIELDS = ['streamUrl', 'webRTCUrl'] as const;

/** Characters by which some clients take another part of the URL for its host than others do. */
const AMBIGUOUS = /[/?#@\\\s]/;

/**
 * What each secret of a URL is known by: the hosts up to it, its name, and how often that pair came before. Undefined when
 * the URL has no host.
 */
function keysOf(url: string, spans: readonly SecretSpan[]): string[] | undefined {
  const masked = maskUrl(url);
  const masks = urlSecrets(masked);
  const hosts = authorities(masked);
  if (masks.length !== spans.length || hosts.length === 0) return undefined;
  const counts = new Map<string, number>();
  return masks.map(({ start, name }) => {
    const before = hosts.filter(({ index }) => index <= start);
    const names = before.map(({ text }) => text.slice(text.lastIndexOf('@') + 1));
    const key = JSON.stringify([...names, name]);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return `${key} ${count}`;
  });
}

/**
 * The URL with the stored secrets in place of its masks. A secret goes only to the host that it was stored for, in the
 * same parameter: else who may change a URL but not read its secrets could have them sent to a host of their own, or
 * shown. Undefined when a mask stands for nothing that is stored.
 */
function unmask(url: string, stored: string): string | undefined {
  if (url === maskUrl(stored)) return stored;
  const spans = urlSecrets(url);
  const isMask = ({ start, end }: SecretSpan) => url.slice(start, end) === MASK;
  if (!spans.some(isMask)) return url;
  const isAmbiguous = (span: SecretSpan) =>
    span.name === USER_INFO && !isMask(span) && AMBIGUOUS.test(url.slice(span.start, span.end));
  const keys = keysOf(url, spans);
  const storedSpans = urlSecrets(stored);
  const storedKeys = keysOf(stored, storedSpans);
  if (!keys || !storedKeys || spans.some(isAmbiguous)) return undefined;
  const secrets = new Map(
    storedSpans.map(({ start, end }, index) => [storedKeys[index], stored.slice(start, end)]),
  );
  let isComplete = true;
  const unmasked = replaceSecrets(url, spans, (span, index) => {
    const secret = isMask(span) ? secrets.get(keys[index]) : url.slice(span.start, span.end);
    if (secret === undefined) isComplete = false;
    return secret ?? MASK;
  });
  return isComplete && maskUrl(unmasked) === maskUrl(url) ? unmasked : undefined;
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
