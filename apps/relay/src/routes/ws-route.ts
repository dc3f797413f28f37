import { Problem } from '@dronecast/runtime';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { createWebSocket } from '../transport/web-socket.js';
import type { Admitted, EventRouteOptions } from './entrance.js';
import { StreamQuery } from './stream-query.js';

declare module 'fastify' {
  interface FastifyRequest {
    admitted: Admitted;
  }
}

/** Refusals come before the upgrade, as plain HTTP answers. */
export const wsRoute: FastifyPluginAsyncTypebox<EventRouteOptions> = async (app, { relay, enter }) => {
  app.decorateRequest('admitted');

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
        request.admitted = await enter(request, reply, request.query);
        // From here on the connection is a socket's alone, and keeps no answer alive as long as it stands.
        reply.raw.detachSocket(request.raw.socket);
      },
    },
    (socket, { admitted, query, raw }) => {
      // In place of the plugin's own, which would keep the request for the connection's whole life.
      socket.removeAllListeners('error');
      socket.on('error', (error) => {
        app.log.info({ err: error }, 'socket closed on an error');
        socket.terminate();
      });
      const transport = createWebSocket(socket, raw.socket, relay.buffers);
      relay.admit({ ...admitted, transport, since: query.since });
    },
  );
};
