import type { Server } from 'node:http';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import fp from 'fastify-plugin';
import { answerBadRequests, answerClientError, answerRouterError, trackAnswer } from './bad-requests.js';
import { registerFormats } from './formats.js';
import { createHostCheck, requireOneHost } from './host-check.js';
import { HttpServer } from './http-server.js';
import { logOptions } from './log.js';
import { metrics, Registry } from './metrics.js';
import { problemDetails } from './problem.js';
import { toRequestId } from './request-id.js';
import type { TrustProxy } from './trust-proxy.js';
import { handleUpgrades } from './upgrades.js';
import { compileValidator } from './validation.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** Emits `upgrade` for each request that a route with `websocket: true` takes over. Never listens itself. */
    upgrades: Server;
  }
}

export interface ServerOptions {
  /** A pino level. */
  readonly logLevel: string;
  /** Default: nobody is believed who else a request comes from. */
  readonly trustProxy?: TrustProxy;
  /** Names by which callers may ask, as {@link toAllowedHosts} lists them. Default: any. */
  readonly allowedHosts?: readonly string[] | undefined;
}

const BODY_LIMIT_BYTES = 64 * 1024;
/** Milliseconds that a client has to send a request's headers, from the connection on. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Milliseconds that a client has to send a whole request. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Milliseconds that a connection may stay without a request; longer than load balancers keep theirs. */
const KEEP_ALIVE_MS = 72_000;
const CHECK_MS = 2000;
const PROBES = /^\/(health\/|metrics$)/;
/** Milliseconds that requests have to finish once the server closes. */
const CLOSE_GRACE_MS = 3000;

/**
 * Loaded after the app's own hooks were added, so that it counts from when they are done: who has streams to end takes
 * the time for it.
 */
const cutOffLate = fp(async (app: FastifyInstance) => {
  app.addHook('preClose', async () => {
    setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS).unref();
  });
});

/** A Fastify instance with what every process of ours has: TypeBox validation, problem details, one log line a request. */
export function createFastify({
  logLevel,
  trustProxy = false,
  allowedHosts,
}: ServerOptions): FastifyInstance {
  registerFormats();
  const server = new HttpServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_MS,
    requireHostHeader: false, // A hook of ours requires it, so that the refusal has a body.
  });
  const app = Fastify({
    logger: logOptions(logLevel),
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy,
    bodyLimit: BODY_LIMIT_BYTES,
    genReqId: toRequestId,
    clientErrorHandler: answerClientError,
    frameworkErrors: answerRouterError,
    forceCloseConnections: 'idle',
    // Who still asks is answered as ever, by the hooks and routes; each app says for itself what it refuses then.
    return503OnClosing: false,
    serverFactory: (handler) => server.on('request', handler),
    // Older data has serial numbers of any length.
    routerOptions: { maxParamLength: 4096 },
  });
  app.addHook('onRequest', trackAnswer);
  app.setValidatorCompiler(compileValidator as never);
  app.register(problemDetails);
  app.decorate('metrics', new Registry());
  app.decorate('upgrades', handleUpgrades(app));
  app.register(metrics);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-Id', request.id);
  });
  app.register(answerBadRequests);
  app.addHook('onRequest', requireOneHost);
  if (allowedHosts) app.addHook('onRequest', createHostCheck(allowedHosts));
  app.addHook('onListen', async () => {
    for (const { address, family, port } of server.moreAddresses) {
      const host = family === 'IPv6' ? `[${address}]` : address;
      app.log.info(`Server listening at http://${host}:${port}`);
    }
  });
  app.register(cutOffLate);
  app.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    const [path = ''] = url.split('?');
    // Probes come every few seconds, from each pod.
    const level = PROBES.test(path) ? 'debug' : 'info';
    request.log[level]({ method, path, status: reply.statusCode, ms: reply.elapsedTime }, 'request');
  });
  return app;
}
