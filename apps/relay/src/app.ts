import type { EventBus } from '@dronecast/bus';
import { createFastify, type ServerOptions } from '@dronecast/runtime';
import type { FastifyInstance } from 'fastify';
import type { RelayOptions } from './relay.js';
import { registerRelay } from './relay-plugin.js';
import { healthRoutes } from './routes/health-routes.js';

/** The relay as an app of its own. Closing it drains the clients, then closes the bus. */
export function createRelay(bus: EventBus, options: RelayOptions & ServerOptions): FastifyInstance {
  const app = createFastify(options);
  app.addHook('onClose', () => bus.close());
  const relay = registerRelay(app, bus, options);
  app.register(healthRoutes, { prefix: '/health', relay });
  return app;
}
