import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import { createEventStream } from '../transport/event-stream.js';
import type { EventRouteOptions } from './entrance.js';
import { Cursor, StreamQuery } from './stream-query.js';

/** No proxy may keep, change or hold back any of it (the last one is what nginx wants to hear). */
const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
  connection: 'close',
};

/** Events as an event stream (HTML standard, section 9.2). */
export const sseRoute: FastifyPluginAsyncTypebox<EventRouteOptions> = async (app, { relay, enter }) => {
  app.get(
    '/sse/events',
    {
      exposeHeadRoute: false,
      config: { access: 'events:read' },
      schema: {
        querystring: StreamQuery,
        headers: Type.Object({ 'last-event-id': Type.Optional(Cursor) }),
      },
    },
    async (request, reply) => {
      const { query, headers } = request;
      const admitted = await enter(request, reply, query);
      const since = headers['last-event-id'] || query.since;
      reply.hijack();
      // Else a client of HTTP/1.0 that says `TE: chunked` would get chunks (RFC 9112 section 6.1).
      if (request.raw.httpVersion === '1.0') reply.raw.removeHeader('transfer-encoding');
      reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), ...HEADERS });
      reply.raw.flushHeaders();
      const transport = createEventStream(reply.raw, {
        buffers: relay.buffers,
        isResuming: Boolean(since),
      });
      relay.admit({ ...admitted, transport, since });
    },
  );
};
