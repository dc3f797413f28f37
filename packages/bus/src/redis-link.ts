import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { createLocator, type RedisPlace } from './redis-locator.js';

export const DEFAULT_TIMEOUT_MS = 5000;
/** What a server answers that is not, or no longer, the one to write to. */
const MISPLACED = /^(READONLY|MOVED|ASK|CLUSTERDOWN|MASTERDOWN|UNBLOCKED)\b/;

export interface RedisConnection extends RedisPlace {
  /** Milliseconds of silence after which a connection counts as dead. Default 5000. */
  readonly timeoutMs?: number | undefined;
  readonly log: { info(message: string): void; warn(details: object, message: string): void };
}

type None = Record<never, never>;
export type RedisClient = ReturnType<typeof createClient<None, None, None, 3, None>>;

export interface LinkListener {
  /** There is a connection; what is awaited belongs to it. Rejects when that could not be done. */
  connected(client: RedisClient): Promise<void> | void;
  disconnected(): void;
}

export interface RedisLink {
  isReady(): boolean;
  /** Rejects at once while there is no connection. */
  use<T>(command: (client: RedisClient) => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * A connection to the server that takes writes, made again and again until it is closed, wherever that server is by then.
 * `purpose` stands in the log lines.
 */
export function createRedisLink(
  connection: RedisConnection,
  purpose: string,
  listener?: LinkListener,
): RedisLink {
  const { mode = 'single', timeoutMs = DEFAULT_TIMEOUT_MS, log } = connection;
  const locate = createLocator(connection, timeoutMs);
  const closing = new AbortController();
  let current: { client: RedisClient; end(reason: Error): void } | undefined;
  let isDown = false;
  let failures = 0;

  function create(url: string): RedisClient {
    return createClient({
      url,
      disableOfflineQueue: true,
      // A half-open connection shows only in the missing answer to our own ping.
      pingInterval: timeoutMs / 2.5,
      socket: { socketTimeout: timeoutMs, connectTimeout: timeoutMs, reconnectStrategy: false },
    });
  }

  /** Masters move: who is connected to one that is none any more would not hear of it. */
  async function watchPlace(url: string, client: RedisClient, signal: AbortSignal): Promise<never> {
    for (;;) {
      await delay(timeoutMs, undefined, { signal });
      const place = await locate().catch(() => url);
      if (place !== url) throw new Error('redis has another master');
      await checkRole(client);
    }
  }

  async function checkRole(client: RedisClient): Promise<void> {
    const [role] = (await client.sendCommand(['ROLE'])) as unknown as [string];
    if (role !== 'master') throw new Error('this server of redis is no master');
  }

  /** One connection, from its beginning to its end. Rejects with why it ended. */
  async function live(): Promise<never> {
    const url = await locate();
    closing.signal.throwIfAborted();
    const client = create(url);
    const gone = new AbortController();
    const ended = new Promise<never>((_resolve, reject) => {
      client.on('error', reject);
      current = { client, end: reject };
    });
    try {
      await Promise.race([client.connect(), ended]);
      if (mode !== 'single') await checkRole(client);
      await listener?.connected(client);
      if (isDown) log.info(`redis ${purpose} connection is back`);
      isDown = false;
      failures = 0;
      return await Promise.race(mode === 'single' ? [ended] : [ended, watchPlace(url, client, gone.signal)]);
    } finally {
      current = undefined;
      gone.abort();
      // An attempt to connect that is under way would still succeed, and keep its connection.
      client.on('connect', () => client.destroy());
      client.destroy();
    }
  }

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await live();
      } catch (error) {
        if (closing.signal.aborted) return;
        if (!isDown) log.warn({ err: error }, `redis ${purpose} connection lost`);
        isDown = true;
        listener?.disconnected();
      }
      const pause = Math.min(50 * 2 ** failures, 2000) * (0.5 + Math.random() / 2);
      failures += 1;
      await delay(pause, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  void run();

  return {
    isReady: () => current?.client.isReady ?? false,

    async use(command) {
      const { client, end } = current ?? {};
      if (!client || !end) throw new Error('redis is away');
      try {
        return await command(client);
      } catch (error) {
        if (error instanceof Error && MISPLACED.test(error.message)) end(error);
        throw error;
      }
    },

    close() {
      closing.abort();
      current?.end(new Error('closed'));
      current = undefined;
    },
  };
}

/**
 * Refuses commands while an earlier one has waited too long for its answer: the connection may be half-open, and only
 * once nothing more is written to it does its timeout run.
 */
export function createPatience({
  timeoutMs = DEFAULT_TIMEOUT_MS,
}: RedisConnection): <T>(command: () => Promise<T>) => Promise<T> {
  const waiting = new Set<{ since: number }>();
  return async (command) => {
    const [oldest] = waiting;
    if (oldest && Date.now() - oldest.since > timeoutMs / 2) throw new Error('redis does not answer');
    const call = { since: Date.now() };
    waiting.add(call);
    try {
      return await command();
    } finally {
      waiting.delete(call);
    }
  };
}
