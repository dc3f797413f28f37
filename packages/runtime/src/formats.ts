import { FormatRegistry } from '@sinclair/typebox';
import { isDateTime } from './date-time.js';
import { isHostEntry } from './host-check.js';
import { isOriginEntry } from './origins.js';

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** `redis[s]://[[user][:password]@]host[:port][/db]`; the client would throw an error that shows it. */
function isRedisUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, username, password } = new URL(text);
  return (
    /^rediss?:$/.test(protocol) &&
    hostname !== '' &&
    /^\/?\d*$/.test(pathname) &&
    isEncoded(username + password)
  );
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A comma list, which may be empty. */
const isListOf = (isEntry: (entry: string) => boolean) => (text: string) =>
  text === '' || text.split(',').every((entry) => isEntry(entry.trim()));

/** TypeBox knows no string format by itself. */
export function registerFormats(): void {
  FormatRegistry.Set('date-time', isDateTime);
  FormatRegistry.Set('uri', isHttpUrl);
  FormatRegistry.Set('redis-url', isRedisUrl);
  FormatRegistry.Set('redis-urls', isListOf(isRedisUrl));
  FormatRegistry.Set('origins', isListOf(isOriginEntry));
  FormatRegistry.Set('host-names', isListOf(isHostEntry));
}
