import { MAX_BROADCASTS } from '@dronecast/bus';
import { Broadcast, SystemBroadcast } from '@dronecast/events';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from '@sinclair/typebox';
import type { BroadcastService } from '../service/broadcast-service.js';
import { audit, auditUnknown } from './audit.js';
import { IdempotencyHeaders, problems, Success } from './schemas.js';

const RecentQuery = Type.Object(
  {
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_BROADCASTS,
        default: MAX_BROADCASTS,
        description: `a whole number from 1 to ${MAX_BROADCASTS}`,
      }),
    ),
  },
  { additionalProperties: false },
);

const Recent = Type.Object({
  status: Type.Literal('success'),
  results: Type.Integer({ description: 'number of broadcasts in this answer' }),
  data: Type.Object({ broadcasts: Type.Array(SystemBroadcast) }),
});

export const systemRoutes: FastifyPluginAsyncTypebox<{ service: BroadcastService }> = async (
  app,
  { service },
) => {
  app.post(
    '/broadcast',
    {
      config: { access: 'system:broadcast' },
      schema: {
        tags: ['system'],
        summary: 'Announce something to every client; with an Idempotency-Key once within 24 hours',
        headers: IdempotencyHeaders,
        body: Broadcast,
        response: { 202: Success({ broadcast: Broadcast }), ...problems(400, 401, 403, 413, 422, 429, 503) },
      },
    },
    async (request, reply) => {
      const { body, headers, access } = request;
      const isNew = await auditUnknown(
        request,
        { action: 'broadcast' },
        service.broadcast(body, headers['idempotency-key'], access),
      );
      if (isNew) audit(request, { action: 'broadcast' });
      reply.code(202);
      return { status: 'success' as const, data: { broadcast: body } };
    },
  );

  app.get(
    '/broadcasts',
    {
      config: { access: 'events:read' },
      // Without a schema, which would leave out members that a later version has sent.
      serializerCompiler: () => (answer) => JSON.stringify(answer),
      schema: {
        tags: ['system'],
        summary: 'The last broadcasts as they were sent, newest first: at most 100 and 1 MiB',
        querystring: RecentQuery,
        response: { 200: Recent, ...problems(400, 401, 403, 429, 503) },
      },
    },
    async ({ query: { limit = MAX_BROADCASTS }, abandoned }) => {
      const broadcasts = await service.listRecent(limit, abandoned);
      return { status: 'success' as const, results: broadcasts.length, data: { broadcasts } };
    },
  );
};
