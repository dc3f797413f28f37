import { createRedisBus } from '@dronecast/bus';
import { main } from '@dronecast/runtime';
import { pino } from 'pino';
import { createRelay } from './app.js';
import { loadConfig, toRelayOptions } from './config.js';

await main(async () => {
  const config = loadConfig(process.env);
  const bus = createRedisBus({
    url: config.REDIS_URL,
    timeoutMs: config.REDIS_TIMEOUT_MS,
    log: pino({ level: config.LOG_LEVEL }),
  });
  const app = createRelay(bus, { logLevel: config.LOG_LEVEL, ...toRelayOptions(config) });
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
