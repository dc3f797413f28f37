import { type SecretSpan, secretParameters } from './secret-parameters.js';

/** What stands in place of a secret. */
export const MASK = '***';
/** The name of the user info of an authority, which has none itself. */
export const USER_INFO = '@';
/** The name of a secret that is known by its form. */
const BY_FORM = '*';

const ADDRESS_OR_PORT = /^(?:\[[0-9a-f:.]+\](?::\d+)?|\d+\.\d+\.\d+\.\d+(?::\d+)?|[^:]+:\d+)$/i;

/** The text between an `@` and what ends a host. */
function hostBehind(text: string, at: number): string {
  let end = at + 1;
  while (end < text.length && !'/?#@\\'.includes(text.charAt(end))) end += 1;
  return text.slice(at + 1, end);
}

function lastAt(
  text: string,
  from: number,
  to: number,
  isHost: (host: string) => boolean,
): number | undefined {
  for (let at = text.lastIndexOf('@', to - 1); at >= from; at = text.lastIndexOf('@', at - 1)) {
    if (isHost(hostBehind(text, at))) return at;
    if (at === 0) return undefined;
  }
  return undefined;
}

const isAddress = (host: string): boolean => ADDRESS_OR_PORT.test(host);
const isDotted = (host: string): boolean => isAddress(host) || /^[\w-]+\.[\w.-]+$/.test(host);

interface AuthorityBounds {
  readonly start: number;
  /** Of the last `@` before the slash. */
  readonly at: number | undefined;
  readonly slash: number;
  /** The end of this URL. */
  readonly to: number;
}

/**
 * Where user info ends whose password has a `/` that should have been escaped, as in `rtsp://admin:pa/ss@host/live`;
 * undefined where `admin` is the host. Text behind the first colon that is no port can only be a password. If it looks
 * like a port, the host before it must look like a user's name, and an address must follow the `@`. So must it where an
 * `@` before the slash may be the end as well.
 */
function endOfUnescaped(text: string, { start, at, slash, to }: AuthorityBounds): number | undefined {
  const authority = text.slice(start, slash);
  const colon = authority.indexOf(':');
  if (colon < 0 || authority.startsWith('[')) return undefined;
  let pathEnd = start;
  while (pathEnd < to && !'?#'.includes(text.charAt(pathEnd))) pathEnd += 1;
  if (at !== undefined)
    return isDotted(hostBehind(text, at)) ? undefined : lastAt(text, slash, pathEnd, isDotted);
  const isPort = /^\d{0,5}$/.test(authority.slice(colon + 1));
  if (isPort && colon > 0)
    return authority.slice(0, colon).includes('.') ? undefined : lastAt(text, slash, pathEnd, isAddress);
  return (
    lastAt(text, start, pathEnd, isDotted) ??
    lastAt(text, start, to, isDotted) ??
    lastAt(text, start, to, (host) => host !== '')
  );
}

/** The text before an authority when the URL's slashes are wrong or missing. */
const WRONG_SLASHES = /^\s{0,8}(?:[a-z][a-z0-9+.-]{0,30}:(?:\/|\\{1,2}))?/i;
/** What looks like a user's name there. */
const OTHER_SCHEME = /^(?:mailto|sips?|xmpp|acct|urn|data|tel):/i;

/** User info of a URL without `//`, such as `admin:secret@10.0.0.7/live`; players and people put right what is wrong. */
function bareUserInfo(text: string): SecretSpan[] {
  const start = WRONG_SLASHES.exec(text)?.[0].length ?? 0;
  if (OTHER_SCHEME.test(text.slice(start, start + 8))) return [];
  let end = start;
  while (end < text.length && !'/\\'.includes(text.charAt(end))) end += 1;
  const at = text.slice(start, end).lastIndexOf('@');
  const isInfo =
    at > 0 && text.slice(start, start + at).includes(':') && isDotted(hostBehind(text, start + at));
  return isInfo ? [{ start, end: start + at, name: USER_INFO }] : [];
}

/**
 * User info of each authority (RFC 3986 section 3.2.1), also where a URL is part of another one, and where the password
 * has a `?`, `#`, `@` or `/` that should have been escaped: players take it, so people write it.
 */
function userInfos(text: string): SecretSpan[] {
  if (!text.includes('//')) return bareUserInfo(text);
  const spans: SecretSpan[] = [];
  for (let slashes = text.indexOf('//'); slashes >= 0; ) {
    const start = slashes + 2;
    const next = text.indexOf('/', start);
    const slash = next < 0 ? text.length : next;
    const at = text.slice(start, slash).lastIndexOf('@');
    let end = at < 0 ? undefined : start + at;
    // Only behind a scheme, and up to the next one: so no character is searched twice.
    if (slashes === 0 || text[slashes - 1] === ':') {
      const scheme = text.indexOf('://', start);
      end = endOfUnescaped(text, { start, at: end, slash, to: scheme < 0 ? text.length : scheme }) ?? end;
    }
    if (end !== undefined) spans.push({ start, end, name: USER_INFO });
    slashes = text.indexOf('//', Math.max(end ?? 0, slash));
  }
  return spans;
}

/** Tokens of the form of a JWT (RFC 7519), whatever their name, and masks. */
function byForm(text: string): SecretSpan[] {
  if (!text.includes('eyJ') && !text.includes(MASK)) return [];
  return [...text.matchAll(/[\w.-]+|\*{3}/g)].flatMap(({ 0: word, index }) => {
    const isToken = word.startsWith('eyJ') && word.split('.').length > 2;
    return isToken || word === MASK ? [{ start: index, end: index + word.length, name: BY_FORM }] : [];
  });
}

/** A text, and the index that each of its characters has in the text that it was made from. */
interface View {
  readonly text: string;
  readonly at: readonly number[];
}

/** The view with each `%` escape of a printable ASCII character resolved; undefined when it has no such escape. */
function decode({ text, at }: View): View | undefined {
  const parts: string[] = [];
  const indexes: number[] = [];
  for (let index = 0; index < text.length; index += 1) {
    indexes.push(at[index] as number);
    const hex = text[index] === '%' ? text.slice(index + 1, index + 3) : '';
    if (/^[2-7][0-9a-f]$/i.test(hex)) {
      parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
      index += 2;
    } else parts.push(text.charAt(index));
  }
  indexes.push(at[text.length] as number);
  return parts.length === text.length ? undefined : { text: parts.join(''), at: indexes };
}

/** URLs are passed on within URLs, and escaped for each. */
const MAX_ESCAPES = 3;

function* views(text: string): Generator<View> {
  let view: View | undefined = { text, at: Array.from({ length: text.length + 1 }, (_, index) => index) };
  for (let escapes = 0; view && escapes <= MAX_ESCAPES; escapes += 1) {
    yield view;
    view = decode(view);
  }
}

/** Joins spans that overlap. */
function join(spans: readonly SecretSpan[]): readonly SecretSpan[] {
  if (spans.length < 2) return spans;
  const joined: SecretSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (!last || span.start >= last.end) joined.push(span);
    else joined[joined.length - 1] = { ...last, end: Math.max(last.end, span.end) };
  }
  return joined;
}

const secretsOf = (text: string): SecretSpan[] => [
  ...userInfos(text),
  ...secretParameters(text),
  ...byForm(text),
];

/** Parts of a URL that are secret, in order. Takes time in proportion to the text. */
export function urlSecrets(url: string): readonly SecretSpan[] {
  if (!url.includes('%')) return join(secretsOf(url)); // Without the views: each answer and event has two URLs.
  const spans: SecretSpan[] = [];
  for (const { text, at } of views(url)) {
    for (const { start, end, name } of secretsOf(text))
      spans.push({ start: at[start] as number, end: at[end] as number, name });
  }
  return join(spans);
}

/** The URL with another text in place of each secret. */
export function replaceSecrets(
  url: string,
  spans: readonly SecretSpan[],
  replacement: (span: SecretSpan, index: number) => string,
): string {
  let replaced = '';
  let end = 0;
  for (const [index, span] of spans.entries()) {
    replaced += url.slice(end, span.start) + replacement(span, index);
    end = span.end;
  }
  return replaced + url.slice(end);
}

/** `rtsp://user:secret@host/?token=abc` becomes `rtsp://***@host/?token=***`. A masked URL stays as it is. */
export const maskUrl = (url: string): string => replaceSecrets(url, urlSecrets(url), () => MASK);

export interface Authority {
  readonly index: number;
  readonly text: string;
}

/** Each authority of a URL and of the URLs within it, escaped or not; before them what is more than a scheme. */
export function authorities(url: string): Authority[] {
  const [view = { text: '', at: [] }] = [...views(url)].reverse();
  const { text, at } = view;
  const found: Authority[] = [];
  const prefix = text.slice(0, Math.max(0, text.indexOf('//')));
  if (!/^\s{0,8}(?:[a-z][a-z0-9+.-]*:)?$/i.test(prefix)) found.push({ index: 0, text: prefix });
  for (let slashes = text.indexOf('//'); slashes >= 0; ) {
    let end = slashes + 2;
    while (end < text.length && !'/?#\\'.includes(text.charAt(end))) end += 1;
    found.push({ index: at[slashes + 2] as number, text: text.slice(slashes + 2, end) });
    slashes = text.indexOf('//', end);
  }
  return found;
}
