import { Broadcast } from '@dronecast/events';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { BroadcastService } from '../service/broadcast-service.js';
import { audit, auditUnknown } from './audit.js';
import { IdempotencyHeaders, problems, Success } from './schemas.js';

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
};
