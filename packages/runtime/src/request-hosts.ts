import type { FastifyRequest } from 'fastify';

/** The authority of a request target in absolute form (RFC 9112 section 3.2.2). */
const TARGET = /^https?:\/\/([^/?#]*)/i;

/**
 * Hosts, with their ports, that the caller may have meant: `Host`, that of a target in absolute form, and each entry of
 * `X-Forwarded-Host` when it comes from a proxy that TRUST_PROXY names. Empty for HTTP/1.0 without any.
 */
export function requestHosts({ host, headers, raw }: FastifyRequest): string[] {
  const target = TARGET.exec(raw.url ?? '')?.[1];
  // Fastify takes its `host` from the proxy's header only when it trusts the proxy.
  const forwarded = host === (headers.host ?? '') ? undefined : headers['x-forwarded-host'];
  const entries = forwarded === undefined ? [] : String(forwarded).split(',');
  return [headers.host, target, ...entries].flatMap((each) => (each === undefined ? [] : [each.trim()]));
}
