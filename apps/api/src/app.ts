import { type Authenticator, authPlugin, type RateLimiter, rateLimit } from '@dronecast/auth';
import type { EventBus } from '@dronecast/bus';
import {
  createFastify,
  createOriginList,
  originRoute,
  type ServerOptions,
  type Tracing,
  toCorsOrigin,
  traceRequests,
} from '@dronecast/runtime';
import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import { measureBus } from './metrics/measured-bus.js';
import { measureStore } from './metrics/measured-store.js';
import { measureSweeper } from './metrics/sweeper-metrics.js';
import { createPublisher } from './publisher/publisher.js';
import { createSweeper } from './publisher/sweeper.js';
import { apiDocs } from './routes/api-docs.js';
import { bulkRoutes } from './routes/bulk-routes.js';
import { compression } from './routes/compression.js';
import { limitTime } from './routes/deadline.js';
import { droneRoutes } from './routes/drone-routes.js';
import { healthRoutes } from './routes/health-routes.js';
import { incidentRoutes } from './routes/incident-routes.js';
import { acceptJsonOnly } from './routes/json-body.js';
import { systemRoutes } from './routes/system-routes.js';
import { createBroadcastService } from './service/broadcast-service.js';
import { createCommitLoop } from './service/commit-loop.js';
import { createDroneService } from './service/drone-service.js';
import { createIncidentService } from './service/incident-service.js';
import { createListGate } from './service/list-gate.js';
import { type CredentialsKeys, createCipher } from './store/cipher.js';
import type { DroneStore } from './store/drone-store.js';
import { createSealedStore } from './store/sealed-store.js';
import { traceBus } from './tracing/traced-bus.js';
import { traceStore } from './tracing/traced-store.js';

export interface ApiDependencies {
  readonly store: DroneStore;
  readonly bus: EventBus;
  readonly authenticator: Authenticator;
  /** Undefined: callers may ask as much as they like. */
  readonly limiter: RateLimiter | undefined;
  /** Undefined: no traces. */
  readonly tracing?: Tracing | undefined;
}

export interface ApiOptions extends ServerOptions {
  /** Origins of pages that may call besides our own, with `:*` for any port. */
  readonly corsOrigins: readonly string[];
  /** Stream credentials are stored encrypted with the first one; without any, as they are. */
  readonly credentialsKeys: CredentialsKeys | undefined;
  /** Milliseconds that the store may take for one query. A request is answered at most 500 ms later. Default: 5000. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_TIMEOUT_MS = 5000;
/** Milliseconds. A query fails at its timeout first, so that all tasks that wait for it fail with its error. */
const QUEUE_GRACE_MS = 250;
const ANSWER_GRACE_MS = 500;

/** The REST API. Closing it finishes what it publishes, then closes the store and the bus. */
export function createApi(
  { store: plainStore, bus: plainBus, authenticator, limiter, tracing }: ApiDependencies,
  { corsOrigins, credentialsKeys, timeoutMs = DEFAULT_TIMEOUT_MS, ...server }: ApiOptions,
): FastifyInstance {
  const app = createFastify(server);
  const measuredBus = measureBus(plainBus, app.metrics);
  const measuredStore = measureStore(plainStore, app.metrics);
  const bus = tracing ? traceBus(measuredBus, tracing.tracer) : measuredBus;
  const plain = tracing ? traceStore(measuredStore, tracing.tracer) : measuredStore;
  const store = credentialsKeys ? createSealedStore(plain, createCipher(credentialsKeys)) : plain;
  const publisher = createPublisher({ store, bus, log: app.log });
  const sweeper = createSweeper({ store, bus, publisher, log: app.log });
  measureSweeper(sweeper, app.metrics);
  const { offer } = publisher;
  const patienceMs = timeoutMs + QUEUE_GRACE_MS;
  const change = createCommitLoop({ store, offer, patienceMs });
  const listGate = createListGate(patienceMs);
  let isDraining = false;

  acceptJsonOnly(app);
  if (tracing) app.register(traceRequests, tracing);
  app.register(cors, {
    origin: toCorsOrigin(corsOrigins),
    methods: ['GET', 'POST', 'PATCH', 'DELETE'],
    strictPreflight: false, // Else OPTIONS without a preflight's headers is refused in plain text.
    exposedHeaders: [
      ...['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id'],
      ...['WWW-Authenticate', 'RateLimit', 'RateLimit-Policy'],
    ],
  });
  app.register(authPlugin, { authenticator });
  app.register(apiDocs);
  app.register(
    async (rest) => {
      const answerMs = timeoutMs + ANSWER_GRACE_MS;
      const droneService = createDroneService({ store, change, listGate, offer });
      originRoute(rest, '/origin', createOriginList(corsOrigins));
      limitTime(rest, answerMs);
      rest.register(compression);
      if (limiter) rest.register(rateLimit, { limiter });
      rest.register(droneRoutes, { prefix: '/drones', service: droneService });
      rest.register(bulkRoutes, {
        prefix: '/drones',
        service: droneService,
        limiter,
        isDraining: () => isDraining,
        timeoutMs: answerMs,
      });
      rest.register(incidentRoutes, { service: createIncidentService({ store, change, listGate }) });
      rest.register(systemRoutes, {
        prefix: '/system',
        // A gate of its own, because a slow bus must not hold up the lists that the store answers.
        service: createBroadcastService({ bus, listGate: createListGate(patienceMs) }),
      });
    },
    { prefix: '/api/v1' },
  );
  app.register(healthRoutes, { prefix: '/health', store, bus, isDraining: () => isDraining });

  app.addHook('onReady', async () => sweeper.start());
  app.addHook('preClose', async () => {
    isDraining = true;
  });
  app.addHook('onClose', async () => {
    limiter?.close();
    await sweeper.close();
    await publisher.close();
    await bus.close();
    await store.close();
  });
  return app;
}
