import type { FastifyPluginAsync } from 'fastify';
import type { RelayCore } from '../relay.js';

const PUBLIC = { config: { access: 'public' } } as const;

/**
 * Live: the process answers. Ready: it has caught up once and is not draining. Losing the bus later closes no socket,
 * so the relay stays ready, `degraded`.
 */
export const healthRoutes: FastifyPluginAsync<{ relay: RelayCore }> = async (app, { relay }) => {
  app.get('/live', PUBLIC, async () => ({ status: 'live' }));

  app.get('/ready', PUBLIC, async (_request, reply) => {
    const { isDraining, hasCaughtUp, isLive, peers } = relay.health();
    if (isDraining) return reply.code(503).send({ status: 'draining', missing: [], peers });
    if (!hasCaughtUp) {
      return reply
        .code(503)
        .header('Retry-After', 2)
        .send({ status: 'unavailable', missing: ['redis'], peers });
    }
    return { status: isLive ? 'ready' : 'degraded', missing: isLive ? [] : ['redis'], peers };
  });
};
