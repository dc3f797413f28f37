import type { Socket } from 'node:net';
import { type Authenticator, type RateLimiter, rateLimit, selectSubprotocol } from '@dronecast/auth';
import type { EventBus } from '@dronecast/bus';
import { createOriginList, originRoute, Problem, refuse, type Tracing } from '@dronecast/runtime';
import websocket from '@fastify/websocket';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import { createDeliveryTrace } from './delivery-trace.js';
import { createRelayMetrics } from './metrics.js';
import { createRelayCore, type RelayCore, type RelayOptions } from './relay.js';
import { asyncApiRoute } from './routes/async-api-route.js';
import { createEntrance } from './routes/entrance.js';
import { pollRoute } from './routes/poll-route.js';
import { sseRoute } from './routes/sse-route.js';
import { wsRoute } from './routes/ws-route.js';

/** A client's frame may be so long; a hundred names of 64 characters fit, and a token. */
const MAX_CLIENT_FRAME_BYTES = 16 * 1024;
/** Fragments of a client's message, and pieces in which a frame arrives: each costs memory, however small it is. */
const MAX_PIECES = 256;

export interface RelayDependencies {
  readonly bus: EventBus;
  readonly authenticator: Authenticator;
  /** Counts connects and polls. Undefined: callers may come as often as they like. */
  readonly limiter: RateLimiter | undefined;
  /** Undefined: no traces. */
  readonly tracing?: Tracing | undefined;
}

export interface RelayPluginOptions extends RelayOptions {
  /** Origins of pages that may connect besides our own, with `:*` for any port. */
  readonly corsOrigins: readonly string[];
}

/** Answers that go on and on are none for OpenAPI, which describes the REST routes beside which they may run. */
function leaveToAsyncApi(route: RouteOptions): void {
  route.schema = { ...route.schema, hide: true } as FastifySchema;
}

/**
 * Adds the relay's routes to a Fastify instance and ties the relay's life to it. The instance must have the `authPlugin`,
 * and CORS for the same origins.
 */
export function registerRelay(
  app: FastifyInstance,
  { bus, authenticator, limiter, tracing }: RelayDependencies,
  { corsOrigins, ...options }: RelayPluginOptions,
): RelayCore {
  const { authenticate } = authenticator;
  const metrics = createRelayMetrics(app.metrics);
  const relay = createRelayCore(
    { bus, authenticate, log: app.log, metrics, trace: tracing && createDeliveryTrace(tracing.tracer) },
    options,
  );
  app.register(websocket, {
    options: {
      server: app.upgrades,
      maxPayload: MAX_CLIENT_FRAME_BYTES,
      maxFragments: MAX_PIECES,
      maxBufferedChunks: MAX_PIECES,
      // The transport answers pings, within its bounds.
      autoPong: false,
      perMessageDeflate: false,
      clientTracking: false,
      handleProtocols: selectSubprotocol,
    },
    // Its own would wait for silent clients; `drain` has closed them.
    preClose: (done) => done(),
  });
  app.after(() => {
    app.websocketServer.on('wsClientError', (error, socket, request) => {
      const problem = new Problem(
        400,
        'invalid_handshake',
        `This is no WebSocket handshake: ${error.message}`,
      );
      refuse(socket as Socket, problem, request.headers, { 'Sec-WebSocket-Version': '13' });
    });
  });
  const isListed = createOriginList(corsOrigins);
  const enter = createEntrance({ relay, isListed });
  const routes = { relay, enter };
  app.register(async (events) => {
    events.addHook('onRoute', leaveToAsyncApi);
    events.register(asyncApiRoute);
    originRoute(events, '/poll/origin', isListed);
    events.register(async (streams) => {
      if (limiter) streams.register(rateLimit, { limiter });
      streams.register(wsRoute, routes);
      streams.register(sseRoute, routes);
      streams.register(pollRoute, routes);
    });
  });
  // The connection of a refused upgrade is no longer the HTTP server's: left open, it would outlast even the server.
  app.addHook('onResponse', async ({ raw }) => {
    if ('upgrade' in raw && raw.upgrade) raw.socket.destroySoon();
  });
  app.addHook('preClose', () => relay.drain());
  app.addHook('onClose', async () => {
    limiter?.close();
    await relay.close();
  });
  return relay;
}
