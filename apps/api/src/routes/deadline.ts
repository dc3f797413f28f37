import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { callerGone, tooSlow } from '../service/problems.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborts when the caller closes the connection, or when the request's time is over. */
    abandoned: AbortSignal;
  }
}

/**
 * Answers 503 when a handler takes longer than `timeoutMs`, on all routes that are added to `app` after this call. The time
 * starts when the body has arrived. The handler runs on, because its commit may succeed and must then be audited.
 */
export function limitTime(app: FastifyInstance, timeoutMs: number): void {
  app.decorateRequest('abandoned');

  const limited = (handler: RouteHandlerMethod): RouteHandlerMethod =>
    async function handleInTime(request, reply) {
      const controller = new AbortController();
      request.abandoned = controller.signal;
      reply.raw.once('close', () => {
        if (!reply.sent) controller.abort(callerGone());
      });
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          const problem = tooSlow();
          reject(problem);
          controller.abort(problem);
        }, timeoutMs);
      });
      try {
        return await Promise.race([handler.call(this, request, reply), tooLate]);
      } finally {
        clearTimeout(timer);
      }
    };

  app.addHook('onRoute', (route) => {
    route.handler = limited(route.handler);
  });
}
