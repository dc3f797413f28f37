import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { callerGone, tooSlow } from '../service/problems.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Aborted when the caller has gone, or the time for an answer is over: what has not begun need not begin. */
    abandoned: AbortSignal;
  }
}

/**
 * Answers every request of the routes that are added to `app` from now on within `timeoutMs` of its arrival, whatever it
 * waits for. Work that has begun then goes on, since it may have been committed, and is still audited.
 */
export function limitTime(app: FastifyInstance, timeoutMs: number): void {
  app.decorateRequest('abandoned');

  const limited = (handler: RouteHandlerMethod): RouteHandlerMethod =>
    async function handleInTime(request, reply) {
      const controller = new AbortController();
      request.abandoned = controller.signal;
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) controller.abort(callerGone());
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
