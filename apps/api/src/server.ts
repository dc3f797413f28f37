import { registerDashboard, toPageConfig } from '@dronecast/dashboard';
import { main, reportUnknownSettings, startTracing } from '@dronecast/runtime';
import { createApi } from './app.js';
import { Config, loadConfig, toApiOptions } from './config.js';
import { connect } from './connections.js';

await main(async () => {
  const config = loadConfig(process.env);
  const tracing = await startTracing('dronecast-api', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  const app = createApi({ ...connect(config), tracing }, toApiOptions(config));
  registerDashboard(app, toPageConfig(config));
  reportUnknownSettings(Config, process.env, app.log);
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
