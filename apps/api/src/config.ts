import { authSettings, toAuthOptions } from '@dronecast/auth';
import { dashboardSettings } from '@dronecast/dashboard';
import {
  ConfigError,
  commonSettings,
  readConfig,
  redisSettings,
  toAllowedHosts,
  toList,
  toTrustProxy,
  tracingSettings,
} from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';
import type { ApiOptions } from './app.js';
import { parseCredentialsKeys } from './credentials-keys.js';

const { PORT, HOST, LOG_LEVEL, HISTORY_MAX_EVENTS, HISTORY_MAX_AGE_HOURS, HISTORY_MAX_BYTES } =
  commonSettings;

/** Settings of the REST API's own routes, wherever they run. */
export const apiSettings = {
  ...authSettings,
  ...tracingSettings,
  TRUST_PROXY: commonSettings.TRUST_PROXY,
  CORS_ORIGINS: commonSettings.CORS_ORIGINS,
  ALLOWED_HOSTS: commonSettings.ALLOWED_HOSTS,
  CREDENTIALS_KEY: Type.Optional(
    Type.String({ description: 'keyId:base64 of 32 bytes, or a comma list of such' }),
  ),
};

export const Config = Type.Object({
  PORT: PORT(3000),
  HOST: HOST('0.0.0.0'),
  LOG_LEVEL,
  ...redisSettings,
  REDIS_WAIT_REPLICAS: Type.Integer({
    minimum: 0,
    default: 0,
    description: 'a whole number of replicas (0 = the master is enough)',
  }),
  HISTORY_MAX_EVENTS,
  HISTORY_MAX_AGE_HOURS,
  HISTORY_MAX_BYTES: HISTORY_MAX_BYTES(268_435_456),
  MONGODB_URL: Type.String({
    pattern: '^mongodb(?:\\+srv)?://.+',
    default: 'mongodb://127.0.0.1:27017/dronecast',
    description: 'a mongodb:// or mongodb+srv:// URL',
  }),
  MONGODB_POOL_SIZE: Type.Integer({
    minimum: 1,
    default: 50,
    description: 'a positive whole number of connections',
  }),
  MONGODB_TIMEOUT_MS: Type.Integer({ minimum: 100, default: 3000, description: 'milliseconds, 100 or more' }),
  ...apiSettings,
  ...dashboardSettings,
});

export type Config = Static<typeof Config>;

export const loadConfig = (env: NodeJS.ProcessEnv): Config => readConfig(Config, env);

/** What is secret is not stored readable in production. Throws ConfigError. */
function toCredentialsKeys({
  NODE_ENV,
  CREDENTIALS_KEY,
}: Static<typeof ApiSettings>): ApiOptions['credentialsKeys'] {
  if (CREDENTIALS_KEY) return parseCredentialsKeys(CREDENTIALS_KEY);
  if (NODE_ENV === 'production')
    throw new ConfigError('CREDENTIALS_KEY must be set in production: keyId:base64 of 32 bytes');
  return undefined;
}

const ApiSettings = Type.Object({ HOST: HOST(''), LOG_LEVEL, ...apiSettings });

/** For the API, and for the standalone, which has no MongoDB. */
export const toApiOptions = (
  settings: Static<typeof ApiSettings> & Partial<Pick<Config, 'MONGODB_TIMEOUT_MS'>>,
): ApiOptions => ({
  logLevel: settings.LOG_LEVEL,
  timeoutMs: settings.MONGODB_TIMEOUT_MS,
  trustProxy: toTrustProxy(settings.TRUST_PROXY),
  allowedHosts: toAuthOptions(settings).mode === 'none' ? toAllowedHosts(settings) : undefined,
  corsOrigins: toList(settings.CORS_ORIGINS),
  credentialsKeys: toCredentialsKeys(settings),
});
