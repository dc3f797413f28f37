import type { EventBus, LiveListener } from '@dronecast/bus';
import { connect, createRelay, loadConfig, toRelayOptions } from '@dronecast/relay';
import { main } from '@dronecast/runtime';

// The relay as it is, or one that never learns that it was cut off, and so never reads what it missed.

function withoutCatchUp(bus: EventBus): EventBus {
  return {
    ...bus,
    subscribe(listener: LiveListener) {
      let isFirst = true;
      return bus.subscribe({
        message: listener.message,
        connected() {
          if (isFirst) listener.connected();
          isFirst = false;
        },
        disconnected() {},
      });
    },
  };
}

await main(async () => {
  const config = loadConfig(process.env);
  const { bus, ...others } = connect(config);
  const app = createRelay(
    { bus: process.env.CHAOS_MUTATION === 'no-catch-up' ? withoutCatchUp(bus) : bus, ...others },
    toRelayOptions(config),
  );
  await app.listen({ host: config.HOST, port: config.PORT });
  return app;
});
