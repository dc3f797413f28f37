import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import { callerGone, tooSlow } from '../service/problems.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Milliseconds that the route's handler may take, where it is not the same as for all others. */
    handlerTimeoutMs?: number;
  }
  interface FastifyRequest {
    /** Aborts when the caller closes the connection, or when the request's time is over. */
    abandoned: AbortSignal;
  }
}

/** Rejects with a 503 problem and aborts `controller` when `run` takes longer than `timeoutMs`. `run` itself runs on. */
export async function inTime<T>(
  timeoutMs: number,
  controller: AbortController,
  run: () => Promise<T> | T,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const problem = tooSlow();
      reject(problem);
      controller.abort(problem);
    }, timeoutMs);
  });
  try {
    return await Promise.race([run(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Answers 503 when a handler takes longer than `timeoutMs`, on all routes that are added to `app` after this call. The time
 * starts when the body has arrived. The handler runs on, because its commit may succeed and must then be audited.
 */
export function limitTime(app: FastifyInstance, timeoutMs: number): void {
  app.decorateRequest('abandoned');

  const limited = (handler: RouteHandlerMethod, limitMs: number): RouteHandlerMethod =>
    async function handleInTime(request, reply) {
      const controller = new AbortController();
      request.abandoned = controller.signal;
      reply.raw.once('close', () => {
        if (!reply.sent) controller.abort(callerGone());
      });
      return inTime(limitMs, controller, () => handler.call(this, request, reply));
    };

  app.addHook('onRoute', (route) => {
    route.handler = limited(route.handler, route.config?.handlerTimeoutMs ?? timeoutMs);
  });
}
