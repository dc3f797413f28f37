import type { IncomingHttpHeaders } from 'node:http';
import { invalidRequest } from './auth-error.js';

/** What a client offers beside its token, and what it gets: the protocol of docs/PROTOCOL.md. */
export const SUBPROTOCOL = 'dronecast';
const TOKEN_SUBPROTOCOL = 'bearer.';

const toList = (value: unknown): unknown[] => (value === undefined ? [] : [value].flat());

function fromAuthorization(header = ''): string[] {
  const [scheme = ''] = header.split(' ', 1);
  return scheme.toLowerCase() === 'bearer' ? [header.slice(scheme.length).trimStart()] : [];
}

/** Browsers can't give a WebSocket any other header. */
const fromSubprotocols = (header = ''): string[] =>
  header
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol.startsWith(TOKEN_SUBPROTOCOL))
    .map((protocol) => protocol.slice(TOKEN_SUBPROTOCOL.length));

/**
 * The token that came as `Authorization: Bearer` (RFC 6750 section 2.1), as `access_token` in the query (2.3), or as the
 * WebSocket subprotocol `bearer.<token>`. Throws `invalid_request` when there is more than one.
 */
export function readToken(request: {
  readonly headers: IncomingHttpHeaders;
  readonly query: unknown;
}): string | undefined {
  const { authorization, 'sec-websocket-protocol': subprotocols } = request.headers;
  const { access_token: inQuery } = request.query as { access_token?: unknown };
  const [token, another] = [
    ...fromAuthorization(authorization),
    ...toList(inQuery),
    ...fromSubprotocols(subprotocols),
  ];
  if (another !== undefined) throw invalidRequest('More than one token was sent');
  return token === undefined ? undefined : String(token);
}

/**
 * What to answer to the subprotocols that a WebSocket client offers, for `handleProtocols` of `ws`: never the token, which
 * would then stand in the answer's headers too. Clients offer `dronecast` beside it, since browsers fail a connection
 * whose offers were all passed over (RFC 6455 section 4.1).
 */
export const selectSubprotocol = (offered: ReadonlySet<string>): string | false =>
  offered.has(SUBPROTOCOL) && SUBPROTOCOL;
