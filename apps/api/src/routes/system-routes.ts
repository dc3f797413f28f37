import { Broadcast } from '@dronecast/events';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { BroadcastService } from '../service/broadcast-service.js';
import { audit } from './audit.js';
import { problems, Success } from './schemas.js';

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
        summary: 'Announce something to every client',
        body: Broadcast,
        response: { 202: Success({ broadcast: Broadcast }), ...problems(400, 401, 403, 413, 429, 503) },
      },
    },
    async (request, reply) => {
      await service.broadcast(request.body);
      audit(request, { action: 'broadcast' });
      reply.code(202);
      return { status: 'success' as const, data: { broadcast: request.body } };
    },
  );
};
