import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Mongo, type Redis, type Server, startMongo, startRedis, startServer } from '@dronecast/testbed';
import { request } from 'undici';
import { type Link, startLink } from './link.js';
import type { Mutation } from './options.js';
import { CLOCK_SKEW_MS } from './skewed-clock.js';

export interface AppServer extends Server {
  readonly url: string;
  /** Its own link to Redis. */
  readonly redisLink: Link;
  /** Stops the process and starts another version's, or with undefined this one's, until it is ready. */
  replaceBy(build: string | undefined): Promise<void>;
}

/** Two APIs and two relays on real servers; every link that faults break goes through a proxy. */
export interface System {
  readonly redis: Redis;
  readonly mongo: Mongo;
  readonly apis: readonly AppServer[];
  readonly relays: readonly AppServer[];
  /** To each relay, for the clients. */
  readonly clientLinks: readonly Link[];
  readonly journal: string;
  close(): Promise<void>;
}

/** Milliseconds; short, so that a fault can outlast them. */
const TIMEOUTS = {
  REDIS_TIMEOUT_MS: '1000',
  MONGODB_TIMEOUT_MS: '5000',
  HEARTBEAT_MS: '1000',
  DRAIN_MS: '1000',
};
const READY_TIMEOUT_MS = 60_000;
/** What Node takes as its heap in a pod with the memory limits of k8s/base: half of them. */
const HEAP_MIB = { api: 256, relay: 512 } as const;
const REDIS_ARGS = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];

const script = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url));

/** Takes Redis's data away; it must not run. */
export const removeRedisData = ({ dir }: Redis): Promise<void> =>
  rm(join(dir, 'appendonlydir'), { recursive: true, force: true });

/** Resolves when the process says that it is ready, with or without Redis. */
export async function ready({ url, output }: Pick<AppServer, 'url' | 'output'>): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const status = await request(`${url}/health/ready`, { headersTimeout: 2000, bodyTimeout: 2000 }).then(
      async ({ statusCode, body }) => {
        await body.dump();
        return statusCode;
      },
      () => 0,
    );
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error(`${url} does not get ready\n${output()}`);
    await delay(50);
  }
}

export async function startSystem(mutation: Mutation | undefined): Promise<System> {
  const closers: (() => Promise<void>)[] = [];
  const opened = <T>(part: T, close: () => Promise<void>): T => {
    closers.push(close);
    return part;
  };

  async function close(): Promise<void> {
    await Promise.all(closers.map((end) => end()));
  }

  async function linkTo(port: number): Promise<Link> {
    const link = await startLink(port);
    return opened(link, link.close);
  }

  try {
    const redis = await startRedis({ args: REDIS_ARGS });
    opened(redis, redis.remove);
    const mongo = await startMongo();
    opened(mongo, mongo.remove);
    const journal = join(mongo.dir, '..', `dronecast-journal-${process.pid}.jsonl`);
    opened(journal, () => rm(journal, { force: true }));

    const startApp = async (name: 'api' | 'relay', more: NodeJS.ProcessEnv = {}): Promise<AppServer> => {
      const redisLink = await linkTo(redis.port);
      const env = {
        ...TIMEOUTS,
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        LOG_LEVEL: 'warn',
        REDIS_URL: `redis://127.0.0.1:${redisLink.port}`,
        MONGODB_URL: mongo.url,
        HISTORY_MAX_EVENTS: '1000000',
        // Trimming would be a gap that no fault explains.
        HISTORY_MAX_BYTES: `${2 ** 31}`,
        CHAOS_JOURNAL: journal,
        CHAOS_MUTATION: mutation,
        ...more,
      };
      let build: string | undefined;
      const file = `${name}-process.js`;
      const args = (): string[] => [
        `--max-old-space-size=${HEAP_MIB[name]}`,
        build === undefined ? script(file) : join(build, 'chaos/dist', file),
      ];
      const server = await startServer(process.execPath, args, { env });
      opened(server, server.remove);
      const url = `http://127.0.0.1:${server.port}`;
      return {
        ...server,
        ...{ redisLink, url },
        async replaceBy(next) {
          build = next;
          await server.restart();
          await ready({ url, output: server.output });
        },
      };
    };

    const skewed = { CHAOS_CLOCK_SKEW_MS: `${CLOCK_SKEW_MS}` };
    const apis = await Promise.all([startApp('api'), startApp('api', skewed)]);
    const relays = await Promise.all([startApp('relay'), startApp('relay')]);
    const clientLinks = await Promise.all(relays.map(({ port }) => linkTo(port)));
    await Promise.all([...apis, ...relays].map(ready));
    return { redis, mongo, apis, relays, clientLinks, journal, close };
  } catch (error) {
    await close();
    throw error;
  }
}
