import { Problem } from '@dronecast/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type RateLimiter, WINDOW_S } from './rate-limiter.js';

/** Whoever shows a token is one caller wherever it calls from; of the others an address is all that is known. */
const counted = ({ access, ip }: FastifyRequest): string =>
  access.subject === undefined ? `address:${ip}` : `subject:${access.subject}`;

/** Counts a request of the caller, and tells it in headers how it stands. Throws a 429 problem beyond the limit. */
export async function countRequest(
  limiter: RateLimiter,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { limit, remaining, resetSeconds, isExceeded } = await limiter.take(counted(request));
  reply
    .header('RateLimit-Policy', `"minute";q=${limit};w=${WINDOW_S}`)
    .header('RateLimit', `"minute";r=${remaining};t=${resetSeconds}`);
  if (isExceeded) {
    throw new Problem(429, 'rate_limited', `More than ${limit} requests a minute`, {
      retryAfterSeconds: Math.max(1, resetSeconds),
    });
  }
}

/**
 * Refuses callers that ask too much with 429, and tells all how they stand
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
 */
export const rateLimit = fp<{ limiter: RateLimiter }>(async (app, { limiter }) => {
  app.addHook('onRequest', (request, reply) => countRequest(limiter, request, reply));
});
