import type { IncomingHttpHeaders } from 'node:http';
import type { Access } from '@dronecast/auth';
import { Problem } from '@dronecast/runtime';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { InvalidFilter } from '../hub/filter.js';
import type { RelayCore } from '../relay.js';

const list = (description: string) =>
  Type.Optional(
    Type.Union(
      [Type.String({ maxLength: 8192 }), Type.Array(Type.String({ maxLength: 8192 }), { maxItems: 100 })],
      {
        description,
      },
    ),
  );

/** What a client asks for in the URL, whatever the transport. */
const StreamQuery = Type.Object(
  {
    sn: list('serial numbers and prefixes like abc*, as a comma list or repeated'),
    events: list('event kinds, as a comma list or repeated'),
    since: Type.Optional(Type.String({ maxLength: 64, description: 'a cursor' })),
  },
  { additionalProperties: false },
);
type StreamQuery = Static<typeof StreamQuery>;

const toNames = (value: string | string[] | undefined): string[] =>
  [value ?? []]
    .flat()
    .flatMap((part) => part.split(',').map((name) => name.trim()))
    .filter(Boolean);

/** Throws the problem that names the wrong parameter, or that nothing is left of what the caller may see. */
function grant(relay: RelayCore, { sn, events }: StreamQuery, access: Access): Grant {
  try {
    const granted = relay.grant({ sn: toNames(sn), events: toNames(events) }, access);
    if (granted) return granted;
  } catch (error) {
    if (!(error instanceof InvalidFilter)) throw error;
    const { field, message } = error;
    throw new Problem(400, 'invalid_filter', `${field}: ${message}`, {
      errors: [{ pointer: `/${field}`, message }],
    });
  }
  throw new Problem(403, 'forbidden', 'None of what is asked for is yours');
}

type Grant = NonNullable<ReturnType<RelayCore['grant']>>;

/** A page of another site must not use what its visitor's browser may reach (RFC 6455 section 10.2). */
function isAllowedOrigin({ origin, host }: IncomingHttpHeaders, origins: readonly string[]): boolean {
  if (origin === undefined || origins.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

declare module 'fastify' {
  interface FastifyRequest {
    grant: Grant;
  }
}

const callerOf = ({ access, ip }: FastifyRequest): string => access.subject ?? ip;

export interface WsRouteOptions {
  readonly relay: RelayCore;
  /** Of pages that may connect, besides our own. */
  readonly origins: readonly string[];
}

/** Refusals come before the upgrade, as plain HTTP answers. */
export const wsRoute: FastifyPluginAsyncTypebox<WsRouteOptions> = async (app, { relay, origins }) => {
  app.decorateRequest('grant');

  app.get(
    '/ws/events',
    {
      websocket: true,
      config: { access: 'events:read' },
      schema: { querystring: StreamQuery },
      preHandler: async (request, reply) => {
        if (!request.ws) {
          reply.header('Upgrade', 'websocket');
          throw new Problem(426, 'upgrade_required', 'This is a WebSocket');
        }
        if (!isAllowedOrigin(request.headers, origins))
          throw new Problem(403, 'origin_not_allowed', 'Pages of this origin may not connect');
        request.grant = grant(relay, request.query, request.access);
        await relay.turn();
        if (relay.hasTooMany(callerOf(request)))
          throw new Problem(429, 'too_many_connections', 'Too many connections', { retryAfterSeconds: 30 });
        const refusal = relay.refusal();
        if (refusal) throw new Problem(503, 'relay_unavailable', refusal, { retryAfterSeconds: 2 });
        // From here on the connection is a socket's alone, and keeps no answer alive as long as it stands.
        reply.raw.detachSocket(request.raw.socket);
      },
    },
    (socket, request) => {
      // In place of the plugin's own, which would keep the request for the connection's whole life.
      socket.removeAllListeners('error');
      socket.on('error', (error) => {
        app.log.info({ err: error }, 'socket closed on an error');
        socket.terminate();
      });
      relay.admit({
        ...request.grant,
        socket,
        connection: request.raw.socket,
        caller: callerOf(request),
        since: request.query.since,
      });
    },
  );
};
