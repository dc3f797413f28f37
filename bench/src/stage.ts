import { type Mongo, type Redis, startMongo, startRedis } from '@dronecast/testbed';
import { type Child, type ChildOptions, startChild } from './child.js';
import type { Commands } from './rpc.js';

/** All that runs for a scenario, so that it ends with it. */
export function createStage() {
  const enders: (() => Promise<void>)[] = [];

  function keep<T>(thing: T, end: () => Promise<void>): T {
    enders.push(end);
    return thing;
  }

  return {
    child<C extends Commands>(script: string, options?: ChildOptions): Child<C> {
      const child = startChild<C>(script, options);
      return keep(child, child.kill);
    },

    async redis(): Promise<Redis> {
      const redis = await startRedis();
      return keep(redis, redis.remove);
    },

    async mongo(): Promise<Mongo> {
      const mongo = await startMongo();
      return keep(mongo, mongo.remove);
    },

    /** Calls `end` when the stage is cleared. */
    onClear: (end: () => Promise<void>): void => void enders.push(end),

    /** Ends everything, the latest first. */
    async clear(): Promise<void> {
      for (let end = enders.pop(); end; end = enders.pop()) await end();
    },
  };
}

export type Stage = ReturnType<typeof createStage>;
