import * as testbed from '@dronecast/testbed';
import type { Test } from 'tap';
import { requires } from './requirement.js';

export type RedisServer = testbed.Redis;

export const requiresRedis = (t: Test): boolean => requires(t, testbed.REDIS_COMMAND);

/** Runs until the test is over, however that ends. */
export async function startRedis(t: Test, options: testbed.RedisOptions = {}): Promise<RedisServer> {
  const server = await testbed.startRedis(options);
  t.teardown(server.remove);
  return server;
}
