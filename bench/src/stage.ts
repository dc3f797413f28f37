import { randomBytes } from 'node:crypto';
import {
  isInstalled,
  MONGO_COMMAND,
  REDIS_COMMAND,
  type Redis,
  startMongo,
  startRedis,
} from '@dronecast/testbed';
import mongoose from 'mongoose';
import { type Child, type ChildOptions, startChild } from './child.js';
import { UsageError } from './options.js';
import type { Commands } from './rpc.js';

function requireInstalled(command: string, hint = ''): void {
  if (!isInstalled(command)) throw new UsageError(`${command} is not installed${hint}`);
}

/** A database of one's own on a MongoDB that runs already. */
function withDatabase(url: string): string {
  const name = `dronecast_bench_${randomBytes(6).toString('hex')}`;
  return url.replace(/^(\w+(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?/, `$1/${name}`);
}

async function dropDatabase(url: string): Promise<void> {
  const connection = await mongoose.createConnection(url).asPromise();
  await connection.dropDatabase();
  await connection.close();
}

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
      requireInstalled(REDIS_COMMAND);
      const redis = await startRedis();
      return keep(redis, redis.remove);
    },

    /** The URL of an empty database, on the MongoDB that `MONGODB_TEST_URL` names, else on a server of its own. */
    async mongo(): Promise<string> {
      const { MONGODB_TEST_URL } = process.env;
      if (MONGODB_TEST_URL) {
        const url = withDatabase(MONGODB_TEST_URL);
        return keep(url, () => dropDatabase(url));
      }
      requireInstalled(MONGO_COMMAND, ': name a MongoDB by MONGODB_TEST_URL, or see CONTRIBUTING.md');
      const mongo = await startMongo();
      return keep(mongo.url, mongo.remove);
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
