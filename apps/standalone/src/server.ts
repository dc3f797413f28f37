import { createApi, toApiOptions } from '@dronecast/api';
import { createAuthenticator, createLocalLimiter, toAuthOptions, toRateLimit } from '@dronecast/auth';
import { createMemoryBus } from '@dronecast/bus';
import { registerDashboard, toPageConfig } from '@dronecast/dashboard';
import { registerRelay, toRelayOptions } from '@dronecast/relay';
import {
  createLog,
  LOCALHOST_ORIGINS,
  main,
  reportUnknownSettings,
  startTracing,
  toList,
} from '@dronecast/runtime';
import { Config, loadConfig } from './config.js';
import { lockDataFolder, openStore } from './data-folder.js';
import { greeting } from './greeting.js';

await main(async () => {
  const config = loadConfig(process.env);
  const dataPath = lockDataFolder(config.DATA_DIR);
  const store = openStore(dataPath);
  const bus = createMemoryBus({
    maxEvents: config.HISTORY_MAX_EVENTS,
    maxAgeHours: config.HISTORY_MAX_AGE_HOURS,
    maxBytes: config.HISTORY_MAX_BYTES,
  });
  const log = createLog(config.LOG_LEVEL);
  const authenticator = createAuthenticator(toAuthOptions(config), { log });
  const limiter = createLocalLimiter(toRateLimit(config));
  const tracing = await startTracing('dronecast', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const corsOrigins = [...toList(config.CORS_ORIGINS), ...LOCALHOST_ORIGINS];
  const dependencies = { bus, authenticator, limiter, tracing };
  const app = createApi({ store, ...dependencies }, { ...toApiOptions(config), corsOrigins });
  registerRelay(app, dependencies, { ...toRelayOptions(config), corsOrigins });
  registerDashboard(app, toPageConfig(config));
  reportUnknownSettings(Config, process.env, log);
  const url = await app.listen({ host: config.HOST, port: config.PORT });
  console.log(greeting(url, dataPath, config.AUTH_MODE === 'jwt'));
  return app;
});
