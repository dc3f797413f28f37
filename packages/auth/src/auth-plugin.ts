import { Problem } from '@dronecast/runtime';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import { type Access, NOTHING_ALLOWED, type Scope } from './access.js';
import { AuthError, insufficientScope } from './auth-error.js';
import type { Authenticator } from './authenticator.js';
import { readToken } from './bearer-token.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call a route: the bearers of a scope, or everybody. */
    access?: Scope | 'public';
  }
  interface FastifyRequest {
    /** What the caller may do; on a public route nothing, whatever token came with it. */
    access: Access;
  }
}

/** An `onRoute` hook for the instance that holds routes of others, which can't say themselves that they are public. */
export function markPublic(route: RouteOptions): void {
  route.config = { ...route.config, access: 'public' };
}

function toProblem(error: AuthError, reply: FastifyReply): Problem {
  const { status, code, message, cause, challenge, retryAfterSeconds } = error;
  if (challenge) reply.header('WWW-Authenticate', challenge);
  return new Problem(status, code, message, {
    cause,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** Moves the token out of the query, so that no route's schema has to know it. */
function takeToken(request: FastifyRequest, reply: FastifyReply): string | undefined {
  const token = readToken(request);
  const query = request.query as { access_token?: unknown };
  if (query.access_token !== undefined) {
    delete query.access_token;
    // Shared caches know that an Authorization header makes an answer private; of a query they don't (RFC 6750 2.3).
    reply.header('Cache-Control', 'private');
  }
  return token;
}

async function authorize(
  request: FastifyRequest,
  reply: FastifyReply,
  authenticator: Authenticator,
): Promise<Access> {
  const token = takeToken(request, reply);
  const { access: needed } = request.routeOptions.config;
  if (request.is404 || needed === 'public') return NOTHING_ALLOWED;
  // A cache must not give one caller's answer to another, nor keep it when the caller's token changes.
  const vary = reply.getHeader('Vary');
  reply.header('Vary', vary === undefined ? 'Authorization' : `${vary}, Authorization`);
  const access = await authenticator.authenticate(token);
  if (!needed || !access.scopes.has(needed)) throw insufficientScope(needed);
  return access;
}

/**
 * Says in `request.access` what the caller may do, before body and query are looked at and before a WebSocket upgrade,
 * and answers those who lack their route's scope. Each route says in its `config` who may call it; one that is registered
 * afterwards and does not stops the start.
 */
export const authPlugin = fp<{ authenticator: Authenticator }>(
  async (app, { authenticator }) => {
    app.decorateRequest('access');

    // Asked once all hooks have seen the routes, `markPublic` of an inner instance too.
    const routes: RouteOptions[] = [];
    app.addHook('onRoute', (route) => {
      routes.push(route);
    });
    app.addHook('onReady', async () => {
      const route = routes.find(({ config }) => !config?.access);
      if (route) throw new Error(`${route.method} ${route.url} says not in config.access who may call it`);
    });

    app.addHook('onRequest', async (request, reply) => {
      try {
        request.access = await authorize(request, reply, authenticator);
      } catch (error) {
        throw error instanceof AuthError ? toProblem(error, reply) : error;
      }
    });
  },
  { name: '@dronecast/auth', fastify: '5.x' },
);
