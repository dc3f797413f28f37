import { isIPv4, isIPv6 } from 'node:net';
import type { onRequestAsyncHookHandler } from 'fastify';
import { hostsOf } from './origins.js';
import { Problem } from './problem.js';
import { requestHosts } from './request-hosts.js';
import { toList } from './settings.js';

/** RFC 9110 section 7.2: a name or address, and a port. */
const HOST = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._~%!$&'()*+,;=-]{1,255})(?::\d{0,5})?$/i;
const NAME_WITHOUT_DOT = /^[a-z0-9_-]+$/;
const NAME = /^(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?$/i;
const ANY_SUBDOMAIN = '*.';
/** Asked by address, by machines that know no name. */
const isExempt = (route = ''): boolean => route === '/metrics' || route.startsWith('/health/');

/** Whether an entry of `ALLOWED_HOSTS` is a host name, or `*.` and one. */
export const isHostEntry = (entry: string): boolean => NAME.test(entry);

const normalize = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Names by which callers may ask, besides those that nobody on the Internet can point at this machine. */
export const toAllowedHosts = (settings: {
  readonly HOST: string;
  readonly ALLOWED_HOSTS: string;
  readonly CORS_ORIGINS: string;
}): string[] => [settings.HOST, ...toList(settings.ALLOWED_HOSTS), ...hostsOf(toList(settings.CORS_ORIGINS))];

/** The part before the port. Throws 400 (RFC 9112 section 3.2). */
function nameOf(host: string): string {
  const [, name] = HOST.exec(host) ?? [];
  if (name === undefined)
    throw new Problem(400, 'invalid_host', 'The host asked for is not a name or an address');
  return normalize(name);
}

/** RFC 9112 section 3.2. Throws 400. */
export const requireOneHost: onRequestAsyncHookHandler = async ({ raw: { rawHeaders, httpVersion } }) => {
  const count = rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host').length;
  if (count > 1 || (count === 0 && httpVersion === '1.1'))
    throw new Problem(400, 'invalid_host', 'A request has one Host header');
};

/**
 * Refuses requests for a host that is not ours, where no token tells callers apart. A page of another site can have its
 * own name resolve to this machine (DNS rebinding); its browser then takes it for a page of ours, but still sends that
 * name as `Host`. Addresses, `localhost`, and names without a dot are nobody's to point at us.
 */
export function createHostCheck(allowed: readonly string[]): onRequestAsyncHookHandler {
  const names = new Set(allowed.map(normalize));
  const domains = [...names].filter((name) => name.startsWith(ANY_SUBDOMAIN)).map((name) => name.slice(1));
  const isOurs = (name: string): boolean =>
    isIPv4(name) ||
    isIPv6(name.slice(1, -1)) ||
    NAME_WITHOUT_DOT.test(name) ||
    names.has(name) ||
    ['.localhost', ...domains].some((domain) => name.endsWith(domain));

  return async (request) => {
    if (isExempt(request.routeOptions.url)) return;
    const other = requestHosts(request)
      .map(nameOf)
      .find((name) => !isOurs(name));
    if (other === undefined) return;
    throw new Problem(
      403,
      'host_not_allowed',
      `The host ${other} is not allowed. If callers reach this service by that name, add it to ALLOWED_HOSTS`,
    );
  };
}
