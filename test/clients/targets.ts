import { freePort } from '@dronecast/testbed';
import type { Test } from 'tap';
import { startBalancer } from '../support/balancer.js';
import { testFolder } from '../support/folder.js';
import { startMongo } from '../support/mongo-server.js';
import { startProcess } from '../support/process.js';
import { until } from '../support/queue.js';
import { startRedis } from '../support/redis-server.js';

/** A running Dronecast. */
export interface Target {
  /** Base URL of the REST API. */
  readonly api: string;
  /** Base URL of the events. */
  readonly events: string;
  /** Whether {@link interrupt} ends connections in good order; else they break. */
  readonly endsInOrder: boolean;
  /** Ends all connections to `events`, and accepts none until `meanwhile` has finished. */
  interrupt(meanwhile: () => Promise<void>): Promise<void>;
}

/** Rare, because a heartbeat would make a client show a frame that it holds back until the next one comes. */
const HEARTBEAT_MS = '600000';

/** API and relay in one process on embedded parts, behind a proxy that breaks connections. */
export async function startStandalone(t: Test): Promise<Target> {
  const { url, port } = await startProcess(t, 'apps/standalone/dist/server.js', {
    DATA_DIR: testFolder(t),
    HEARTBEAT_MS,
  });
  const network = await startBalancer(t);
  network.add(port);
  return {
    api: url,
    events: network.url,
    endsInOrder: false,
    async interrupt(meanwhile) {
      network.remove(port);
      network.cut();
      await meanwhile();
      network.add(port);
    },
  };
}

/** An API and a relay, as two processes on real servers. An interruption is a restart of the relay. */
export async function startInstallation(t: Test): Promise<Target> {
  const [redis, mongo, port] = await Promise.all([startRedis(t), startMongo(t), freePort()]);
  const env = { REDIS_URL: redis.url, HEARTBEAT_MS, DRAIN_MS: '500' };
  const start = async (app: 'api' | 'relay', more: Record<string, string>) => {
    const started = await startProcess(t, `apps/${app}/dist/server.js`, { ...env, ...more });
    await until(async () => (await fetch(`${started.url}/health/ready`)).ok);
    return started;
  };
  const startRelay = () => start('relay', { PORT: String(port) });
  const api = await start('api', { MONGODB_URL: mongo.url });
  let relay = await startRelay();
  return {
    api: api.url,
    events: relay.url,
    endsInOrder: true,
    async interrupt(meanwhile) {
      await relay.stop();
      await meanwhile();
      relay = await startRelay();
    },
  };
}
