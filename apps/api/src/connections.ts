import { createAuthenticator, toAuthOptions } from '@dronecast/auth';
import { createRedisBus } from '@dronecast/bus';
import { pino } from 'pino';
import type { ApiDependencies } from './app.js';
import { type Config, toRateLimit } from './config.js';
import { createSharedLimiter } from './limits/shared-limiter.js';
import { createMongoStore } from './store/mongo/mongo-store.js';

/** The real servers behind the API. They connect by themselves, as soon as they can. */
export function connect(config: Config): ApiDependencies {
  const log = pino({ level: config.LOG_LEVEL });
  const store = createMongoStore({
    url: config.MONGODB_URL,
    poolSize: config.MONGODB_POOL_SIZE,
    timeoutMs: config.MONGODB_TIMEOUT_MS,
    log,
  });
  const redis = { url: config.REDIS_URL, timeoutMs: config.REDIS_TIMEOUT_MS, log };
  const perMinute = toRateLimit(config);
  const bus = createRedisBus({
    ...redis,
    maxEvents: config.HISTORY_MAX_EVENTS,
    maxAgeHours: config.HISTORY_MAX_AGE_HOURS,
  });
  return {
    store,
    bus,
    authenticator: createAuthenticator(toAuthOptions(config), { log }),
    limiter: perMinute > 0 ? createSharedLimiter(perMinute, redis) : undefined,
  };
}
