import { commonSettings, readConfig, toOrigins } from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';
import type { ApiOptions } from './app.js';

const { PORT, HOST, LOG_LEVEL, REDIS_URL, REDIS_TIMEOUT_MS, HISTORY_MAX_EVENTS, HISTORY_MAX_AGE_HOURS } =
  commonSettings;

/** Settings of the REST API's own routes, wherever they run. */
export const apiSettings = {
  CORS_ORIGINS: commonSettings.CORS_ORIGINS,
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

const ApiSettings = Type.Object({ LOG_LEVEL, ...apiSettings });

export const toApiOptions = (settings: Static<typeof ApiSettings>): ApiOptions => ({
  logLevel: settings.LOG_LEVEL,
  corsOrigins: toOrigins(settings.CORS_ORIGINS),
});
