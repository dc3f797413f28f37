export { refuse } from './bad-requests.js';
export { ConfigError, readConfig } from './config.js';
export { isDateTime, toUtc } from './date-time.js';
export { createFastify, type ServerOptions } from './fastify.js';
export { registerFormats } from './formats.js';
export { toAllowedHosts } from './host-check.js';
export { isDeeperThan } from './json-depth.js';
export { createLog } from './log.js';
export { main, StartError } from './main.js';
export { maskSecrets } from './mask-secrets.js';
export { Counter, Gauge, Histogram, LATENCY_BUCKETS, Registry } from './metrics.js';
export { normalizeJson } from './normal-json.js';
export {
  createOriginList,
  isAllowedOrigin,
  LOCALHOST_ORIGINS,
  type OriginList,
  originRoute,
  requireOrigin,
  toCorsOrigin,
} from './origins.js';
export { PAGE_HEADERS, protectPages } from './page-headers.js';
export { Problem, reportError } from './problem.js';
export { redisSettings, toRedis } from './redis-settings.js';
export { commonSettings, toList } from './settings.js';
export { inSpan, startTracing, type Tracing, traceRequests, tracingSettings } from './tracing.js';
export { type TrustProxy, toTrustProxy } from './trust-proxy.js';
export { reportUnknownSettings } from './unknown-settings.js';
export { collectErrors, compileValidator, type FieldError, ValidationError } from './validation.js';
