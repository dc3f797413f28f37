import type { FastifyInstance, FastifySchema } from 'fastify';
import fp from 'fastify-plugin';
import { collectDefaultMetrics, Histogram, type Registry } from 'prom-client';

declare module 'fastify' {
  interface FastifyInstance {
    /** What `/metrics` tells. */
    metrics: Registry;
  }
}

/** Upper bounds in seconds, for what should take milliseconds and may take a minute. */
export const LATENCY_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

const PUBLIC = { config: { access: 'public' }, schema: { hide: true } as FastifySchema } as const;

/**
 * Counts requests, watches the process, and answers `/metrics` in Prometheus's text format. No label holds what a caller
 * can make up, nor a serial number.
 */
export const metrics = fp(async (app: FastifyInstance) => {
  const registers = [app.metrics];
  collectDefaultMetrics({ register: app.metrics });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from a request to its answer; route "none" is a path that there is not',
    labelNames: ['method', 'route', 'status'],
    buckets: LATENCY_BUCKETS,
    registers,
  });
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    requests.observe({ method, route: routeOptions.url ?? 'none', status: statusCode }, elapsedTime / 1000);
  });
  app.get('/metrics', PUBLIC, async (_request, reply) =>
    reply
      .type(app.metrics.contentType)
      .header('Cache-Control', 'no-store')
      .send(await app.metrics.metrics()),
  );
});

export { Counter, Gauge, Histogram, Registry } from 'prom-client';
