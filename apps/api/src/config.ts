import { ConfigError, commonSettings, readConfig } from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';
import type { ApiOptions } from './app.js';
import { parseCredentialsKeys } from './credentials-keys.js';

const { PORT, HOST, LOG_LEVEL, REDIS_URL, REDIS_TIMEOUT_MS, HISTORY_MAX_EVENTS, HISTORY_MAX_AGE_HOURS } =
  commonSettings;

/** Settings of the REST API's own routes, wherever they run. */
export const apiSettings = {
  NODE_ENV: Type.Optional(Type.String({ description: 'the name of an environment' })),
  CREDENTIALS_KEY: Type.Optional(Type.String({ description: 'keyId:base64 of 32 bytes, or a comma list of such' })),
  CORS_ORIGINS: Type.String({
    default: '',
    pattern: '^$|^https?://[^\\s,/]+(?:\\s*,\\s*https?://[^\\s,/]+)*$',
    description: 'a comma list of origins like https://ops.example.com',
  }),
};

const Config = Type.Object({
  PORT: PORT(3000),
  HOST: HOST('0.0.0.0'),
  LOG_LEVEL,
  REDIS_URL,
  REDIS_TIMEOUT_MS,
  HISTORY_MAX_EVENTS,
  HISTORY_MAX_AGE_HOURS,
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
});

export type Config = Static<typeof Config>;

export const loadConfig = (env: NodeJS.ProcessEnv): Config => readConfig(Config, env);

/** What is secret is not stored readable in production. Throws ConfigError. */
function toCredentialsKeys({ NODE_ENV, CREDENTIALS_KEY }: Static<typeof ApiSettings>): ApiOptions['credentialsKeys'] {
  if (CREDENTIALS_KEY) return parseCredentialsKeys(CREDENTIALS_KEY);
  if (NODE_ENV === 'production')
    throw new ConfigError('CREDENTIALS_KEY must be set in production: keyId:base64 of 32 bytes');
  return undefined;
}

const ApiSettings = Type.Object({ LOG_LEVEL, ...apiSettings });

export const toApiOptions = (settings: Static<typeof ApiSettings>): ApiOptions => ({
  logLevel: settings.LOG_LEVEL,
  credentialsKeys: toCredentialsKeys(settings),
  corsOrigins: settings.CORS_ORIGINS.split(',')
    .map((origin) => origin.trim())
    .filter(Boolean),
});
