import { Problem } from '@dronecast/runtime';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from '@sinclair/typebox';
import { EVERYTHING, type Filter, InvalidFilter, subscribe } from '../hub/filter.js';
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

/** Throws the problem that names the wrong parameter. */
function parseFilter({ sn, events }: StreamQuery): Filter {
  try {
    return subscribe(EVERYTHING, { sn: toNames(sn), events: toNames(events) });
  } catch (error) {
    if (!(error instanceof InvalidFilter)) throw error;
    const { field, message } = error;
    throw new Problem(400, 'invalid_filter', `${field}: ${message}`, {
      errors: [{ pointer: `/${field}`, message }],
    });
  }
}

declare module 'fastify' {
  interface FastifyRequest {
    streamFilter: Filter;
  }
}

/** Refusals come before the upgrade, as plain HTTP answers. */
export const wsRoute: FastifyPluginAsyncTypebox<{ relay: RelayCore }> = async (app, { relay }) => {
  app.decorateRequest('streamFilter');

  app.get(
    '/ws/events',
    {
      websocket: true,
      schema: { querystring: StreamQuery },
      preHandler: async (request, reply) => {
        if (!request.ws) {
          reply.header('Upgrade', 'websocket');
          throw new Problem(426, 'upgrade_required', 'This is a WebSocket');
        }
        request.streamFilter = parseFilter(request.query);
        await relay.turn();
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
      relay.admit(socket, request.raw.socket, request.streamFilter, request.query.since);
    },
  );
};
