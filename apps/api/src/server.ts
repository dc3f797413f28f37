import { createRedisBus } from '@dronecast/bus';
import { main } from '@dronecast/runtime';
import { pino } from 'pino';
import { createApi } from './app.js';
import { loadConfig, parseOrigins } from './config.js';
import { createMongoStore } from './store/mongo/mongo-store.js';

await main(async () => {
  const config = loadConfig(process.env);
  const log = pino({ level: config.LOG_LEVEL });
  const store = createMongoStore({
    url: config.MONGODB_URL,
    poolSize: config.MONGODB_POOL_SIZE,
    timeoutMs: config.MONGODB_TIMEOUT_MS,
    log,
  });
  const bus = createRedisBus({
    url: config.REDIS_URL,
    timeoutMs: config.REDIS_TIMEOUT_MS,
    maxEvents: config.HISTORY_MAX_EVENTS,
    maxAgeHours: config.HISTORY_MAX_AGE_HOURS,
    log,
  });
  const app = createApi(
    { store, bus },
    { logLevel: config.LOG_LEVEL, corsOrigins: parseOrigins(config.CORS_ORIGINS) },
  );
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
