import type { EventBus } from '@dronecast/bus';
import websocket from '@fastify/websocket';
import type { FastifyInstance } from 'fastify';
import { createRelayCore, type RelayCore, type RelayOptions } from './relay.js';
import { wsRoute } from './routes/ws-route.js';

/** A client's frame may be so long; a hundred names of 64 characters fit. */
const MAX_CLIENT_FRAME_BYTES = 16 * 1024;

/** Adds the relay's socket route to a Fastify instance and ties the relay's life to it. */
export function registerRelay(app: FastifyInstance, bus: EventBus, options: RelayOptions): RelayCore {
  const relay = createRelayCore({ bus, log: app.log }, options);
  app.register(websocket, {
    options: { maxPayload: MAX_CLIENT_FRAME_BYTES, perMessageDeflate: false, clientTracking: false },
    // Its own would wait for silent clients; `drain` has closed them.
    preClose: (done) => done(),
  });
  app.register(wsRoute, { relay });
  // The connection of a refused upgrade is no longer the HTTP server's: left open, it would outlast even the server.
  app.addHook('onResponse', async (request) => {
    if (request.ws) request.raw.socket.destroySoon();
  });
  app.addHook('preClose', () => relay.drain());
  app.addHook('onClose', () => relay.close());
  return relay;
}
