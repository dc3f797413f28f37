import { type AuthOptions, authPlugin, createAuthenticator } from '@dronecast/auth';
import type { EventBus } from '@dronecast/bus';
import { createFastify, type ServerOptions } from '@dronecast/runtime';
import type { FastifyInstance } from 'fastify';
import { type RelayPluginOptions, registerRelay } from './relay-plugin.js';
import { healthRoutes } from './routes/health-routes.js';

export interface RelayAppOptions extends RelayPluginOptions, ServerOptions {
  readonly auth: AuthOptions;
}

/** The relay as an app of its own. Closing it drains the clients, then closes the bus. */
export function createRelay(bus: EventBus, { auth, ...options }: RelayAppOptions): FastifyInstance {
  const app = createFastify(options);
  const authenticator = createAuthenticator(auth);
  app.addHook('onClose', () => bus.close());
  app.register(authPlugin, { authenticator });
  app.register(async (routes) => {
    const relay = registerRelay(routes, { bus, authenticator }, options);
    routes.register(healthRoutes, { prefix: '/health', relay });
  });
  return app;
}
