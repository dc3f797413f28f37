import type { Test } from 'tap';
import { call } from './api.js';
import { type MongoServer, requiresMongo, startMongo } from './mongo-server.js';
import { type AppProcess, startProcess } from './process.js';
import { until } from './queue.js';
import { type RedisServer, requiresRedis, startRedis } from './redis-server.js';

export interface System {
  readonly apis: readonly [AppProcess, AppProcess];
  readonly relays: readonly [AppProcess, AppProcess];
  readonly redis: RedisServer;
  readonly mongo: MongoServer;
}

export const requiresSystem = (t: Test): boolean => requiresRedis(t) && requiresMongo(t);

const isReady = async ({ url }: AppProcess): Promise<boolean> =>
  (await call(url, 'GET', '/health/ready')).status === 200;

/** Two APIs and two relays as an operator runs them, on real servers. */
export async function startSystem(t: Test): Promise<System> {
  const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
  // Slow machines must not see heartbeats among the frames.
  const env = { REDIS_URL: redis.url, MONGODB_URL: mongo.url, HEARTBEAT_MS: '600000' };
  const start = (app: string) => startProcess(t, `apps/${app}/dist/server.js`, env);
  const [apiA, apiB, relayA, relayB] = await Promise.all([
    start('api'),
    start('api'),
    start('relay'),
    start('relay'),
  ]);
  for (const process of [apiA, apiB, relayA, relayB]) await until(() => isReady(process));
  return { apis: [apiA, apiB], relays: [relayA, relayB], redis, mongo };
}
