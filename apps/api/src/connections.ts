import { createAuthenticator, toAuthOptions, toRateLimit } from '@dronecast/auth';
import { createRedisBus } from '@dronecast/bus';
import { ConfigError, createLog, toRedis } from '@dronecast/runtime';
import type { Logger } from 'pino';
import type { ApiDependencies } from './app.js';
import type { Config } from './config.js';
import { createSharedLimiter } from './shared-limiter.js';
import type { DroneStore } from './store/drone-store.js';
import { createMongoStore } from './store/mongo/mongo-store.js';

/** The real servers behind the API. They connect by themselves, as soon as they can. */
export function connect(config: Config): ApiDependencies {
  const log = createLog(config.LOG_LEVEL);
  const store = openStore(config, log);
  const redis = { ...toRedis(config), log };
  const perMinute = toRateLimit(config);
  const bus = createRedisBus({
    ...redis,
    maxEvents: config.HISTORY_MAX_EVENTS,
    maxAgeHours: config.HISTORY_MAX_AGE_HOURS,
    maxBytes: config.HISTORY_MAX_BYTES,
    waitReplicas: config.REDIS_WAIT_REPLICAS,
  });
  return {
    store,
    bus,
    authenticator: createAuthenticator(toAuthOptions(config), { log }),
    limiter: perMinute > 0 ? createSharedLimiter(perMinute, redis) : undefined,
  };
}

/** Throws ConfigError with the driver's reason, which may quote the URL, so that it is cut out. */
function openStore(
  { MONGODB_URL: url, MONGODB_POOL_SIZE: poolSize, MONGODB_TIMEOUT_MS: timeoutMs }: Config,
  log: Logger,
): DroneStore {
  try {
    return createMongoStore({ url, poolSize, timeoutMs, log });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`MONGODB_URL is refused by the driver: ${reason.replaceAll(url, '***')}`);
  }
}
