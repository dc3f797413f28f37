import { authPlugin } from '@dronecast/auth';
import { createFastify, type ServerOptions, toCorsOrigin, traceRequests } from '@dronecast/runtime';
import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { type RelayDependencies, type RelayPluginOptions, registerRelay } from './relay-plugin.js';
import { healthRoutes } from './routes/health-routes.js';

/** The relay as an app of its own. Closing it drains the clients, then closes the bus. */
export function createRelay(
  dependencies: RelayDependencies,
  options: RelayPluginOptions & ServerOptions,
): FastifyInstance {
  const app = createFastify(options);
  app.addHook('onClose', () => dependencies.bus.close());
  if (dependencies.tracing) app.register(traceRequests, dependencies.tracing);
  app.register(cors, {
    origin: toCorsOrigin(options.corsOrigins),
    methods: ['GET'],
    strictPreflight: false, // Else OPTIONS without a preflight's headers is refused in plain text.
    exposedHeaders: ['Retry-After', 'X-Request-Id', 'WWW-Authenticate'],
  });
  app.register(authPlugin, { authenticator: dependencies.authenticator });
  const relay = registerRelay(app, dependencies, options);
  app.register(healthRoutes, { prefix: '/health', relay });
  return app;
}
