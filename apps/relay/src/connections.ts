import { createAuthenticator, createLocalLimiter, toAuthOptions, toRateLimit } from '@dronecast/auth';
import { createRedisBus } from '@dronecast/bus';
import { createLog, toRedis } from '@dronecast/runtime';
import type { Config } from './config.js';
import type { RelayDependencies } from './relay-plugin.js';

/** The real bus behind the relay, which connects by itself, as soon as it can, and who knows what tokens allow. */
export function connect(config: Config): RelayDependencies {
  const log = createLog(config.LOG_LEVEL);
  return {
    bus: createRedisBus({ ...toRedis(config), log }),
    authenticator: createAuthenticator(toAuthOptions(config), { log }),
    // By each relay for itself: a connect must not wait for Redis.
    limiter: createLocalLimiter(toRateLimit(config)),
  };
}
