import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema } from 'fastify';
import { Problem } from './problem.js';
import { requestHosts } from './request-hosts.js';

/** Scheme, host and port, and nothing behind them. */
const ORIGIN = /^https?:\/\/[^\s/?#@\\]+$/i;
const ANY_PORT = ':*';

/** Pages that a developer serves on the same machine. */
export const LOCALHOST_ORIGINS: readonly string[] = ['http', 'https'].flatMap((scheme) =>
  ['localhost', '127.0.0.1', '[::1]'].map((host) => `${scheme}://${host}${ANY_PORT}`),
);

/**
 * An origin (RFC 6454) in lower case and without its scheme's default port; undefined for `null` and whatever else is not
 * the origin of a page.
 */
const normalize = (text: string): string | undefined =>
  ORIGIN.test(text) && URL.canParse(text) ? new URL(text).origin : undefined;

const withoutPort = (origin: string): string => {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}`;
};

const isAnyPort = (entry: string): boolean => entry.endsWith(ANY_PORT);
const withoutAnyPort = (entry: string): string =>
  isAnyPort(entry) ? entry.slice(0, -ANY_PORT.length) : entry;

/** Whether an entry of `CORS_ORIGINS` is an origin; `:*` is any port. */
export const isOriginEntry = (entry: string): boolean => normalize(withoutAnyPort(entry)) !== undefined;

/** The host names of such entries. */
export const hostsOf = (entries: readonly string[]): string[] =>
  entries.map((entry) => new URL(withoutAnyPort(entry)).hostname);

/** Whether pages of an origin may call although they come from elsewhere: they are among `entries`. */
export type OriginList = (origin: string) => boolean;

export function createOriginList(entries: readonly string[]): OriginList {
  const exact = new Set(entries.filter((entry) => !isAnyPort(entry)).map(normalize));
  const anyPort = new Set(entries.filter(isAnyPort).map((entry) => normalize(withoutAnyPort(entry))));
  return (text) => {
    const origin = normalize(text);
    return origin !== undefined && (exact.has(origin) || anyPort.has(withoutPort(origin)));
  };
}

/** The option `origin` of @fastify/cors. */
export function toCorsOrigin(entries: readonly string[]) {
  const isListed = createOriginList(entries);
  return (origin: string | undefined, answer: (error: null, allowed: string[]) => void): void =>
    answer(null, origin !== undefined && isListed(origin) ? [origin] : []);
}

/**
 * Whether the page that asks may use what its visitor's browser can reach (RFC 6455 section 10.2): no page asks, or it is
 * of a listed origin, or of the request's own. A host without a port has the default port of the origin's scheme: TLS ends
 * at a proxy, so the scheme by which the page reached it is not known here.
 */
export function isAllowedOrigin(request: FastifyRequest, isListed: OriginList): boolean {
  const { origin: given } = request.headers;
  if (given === undefined || isListed(given)) return true;
  const origin = normalize(given);
  if (origin === undefined) return false;
  const { protocol } = new URL(origin);
  return requestHosts(request).some((host) => normalize(`${protocol}//${host}`) === origin);
}

/**
 * Throws 403 unless the page that asks may, see {@link isAllowedOrigin}. Any page may read the refusal: it says nothing but
 * how its own origin is to be allowed.
 */
export function requireOrigin(request: FastifyRequest, reply: FastifyReply, isListed: OriginList): void {
  if (isAllowedOrigin(request, isListed)) return;
  reply.header('Access-Control-Allow-Origin', '*');
  const origin = normalize(request.headers.origin ?? '');
  throw new Problem(
    403,
    'origin_not_allowed',
    origin === undefined
      ? 'This page has no origin, because it was opened from disk or runs in a sandbox. Serve it over HTTP'
      : `Pages of ${origin} may not connect. To allow them, add ${origin} to CORS_ORIGINS of this service`,
  );
}

/**
 * Answers whether pages of the caller's origin may call: 204, or 403 as {@link requireOrigin} has it. Browsers don't show a
 * page why an answer is withheld from it; this is where the page can ask.
 */
export function originRoute(app: FastifyInstance, path: string, isListed: OriginList): void {
  const schema = { hide: true } as FastifySchema;
  app.get(path, { config: { access: 'public' }, schema, exposeHeadRoute: false }, async (request, reply) => {
    reply.header('Cache-Control', 'no-store');
    requireOrigin(request, reply, isListed);
    return reply.code(204).send();
  });
}
