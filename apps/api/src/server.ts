import { registerDashboard, toPageConfig } from '@dronecast/dashboard';
import { main } from '@dronecast/runtime';
import { createApi } from './app.js';
import { loadConfig, toApiOptions } from './config.js';
import { connect } from './connections.js';

await main(async () => {
  const config = loadConfig(process.env);
  const app = createApi(connect(config), toApiOptions(config));
  registerDashboard(app, toPageConfig(config));
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
