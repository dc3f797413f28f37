import { main } from '@dronecast/runtime';
import { createRelay } from './app.js';
import { loadConfig, toRelayOptions } from './config.js';
import { connect } from './connections.js';

await main(async () => {
  const config = loadConfig(process.env);
  const app = createRelay(connect(config), toRelayOptions(config));
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
