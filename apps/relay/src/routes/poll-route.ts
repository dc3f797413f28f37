import { CloseCode } from '@dronecast/events';
import { Problem } from '@dronecast/runtime';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { createLongPoll } from '../transport/long-poll.js';
import type { EventRouteOptions } from './entrance.js';
import { PollQuery } from './stream-query.js';

const WAIT_S = 25;
const LIMIT = 500;

/** Events by one answer after the other, each as soon as there is something to say. */
export const pollRoute: FastifyPluginAsyncTypebox<EventRouteOptions> = async (app, { relay, enter }) => {
  app.get(
    '/poll/events',
    { exposeHeadRoute: false, config: { access: 'events:read' }, schema: { querystring: PollQuery } },
    async (request, reply) => {
      reply.header('Cache-Control', 'no-store');
      const { wait = WAIT_S, limit = LIMIT, since, ...filter } = request.query;
      const admitted = await enter(request, reply, filter);
      const { transport, answered } = createLongPoll(reply.raw, {
        buffers: relay.buffers,
        limit,
        waitMs: wait * 1000,
      });
      relay.admit({ ...admitted, transport, since });
      const answer = await answered;
      if (typeof answer !== 'number') return reply.type('application/json').send(answer);
      if (answer === CloseCode.TOKEN_EXPIRED) {
        reply.header('WWW-Authenticate', 'Bearer realm="dronecast", error="invalid_token"');
        throw new Problem(401, 'expired_token', 'The token has expired');
      }
      throw new Problem(
        503,
        'relay_unavailable',
        'The history is out of reach, or the relay is restarting or has failed',
        {
          retryAfterSeconds: 2,
        },
      );
    },
  );
};
