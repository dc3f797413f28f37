import { Broadcast } from '@dronecast/events';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { BroadcastService } from '../service/broadcast-service.js';
import { problems, Success } from './schemas.js';

export const systemRoutes: FastifyPluginAsyncTypebox<{ service: BroadcastService }> = async (
  app,
  { service },
) => {
  app.post(
    '/broadcast',
    {
      schema: {
        tags: ['system'],
        summary: 'Announce something to every client',
        body: Broadcast,
        response: { 202: Success({ broadcast: Broadcast }), ...problems(400, 503) },
      },
    },
    async (request, reply) => {
      await service.broadcast(request.body);
      reply.code(202);
      return { status: 'success' as const, data: { broadcast: request.body } };
    },
  );
};
