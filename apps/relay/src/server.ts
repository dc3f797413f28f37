import { main, reportUnknownSettings, startTracing } from '@dronecast/runtime';
import { createRelay } from './app.js';
import { Config, loadConfig, toRelayOptions } from './config.js';
import { connect } from './connections.js';

await main(async () => {
  const config = loadConfig(process.env);
  const tracing = await startTracing('dronecast-relay', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const app = createRelay({ ...connect(config), tracing }, toRelayOptions(config));
  reportUnknownSettings(Config, process.env, app.log);
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
