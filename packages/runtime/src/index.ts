export { ConfigError, readConfig } from './config.js';
export { createFastify, type ServerOptions } from './fastify.js';
export { registerFormats } from './formats.js';
export { createLog } from './log.js';
export { main, StartError } from './main.js';
export { Problem } from './problem.js';
export { commonSettings, toOrigins } from './settings.js';
export { type TrustProxy, toTrustProxy } from './trust-proxy.js';
export { collectErrors, compileValidator, type FieldError } from './validation.js';
