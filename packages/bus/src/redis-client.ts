import { createClient } from 'redis';

const DEFAULT_TIMEOUT_MS = 5000;

export interface RedisConnection {
  /** `redis[s]://[[user][:password]@]host[:port][/db]` */
  readonly url: string;
  /** Milliseconds of silence after which a connection counts as dead. Default 5000. */
  readonly timeoutMs?: number | undefined;
  readonly log: { info(message: string): void; warn(details: object, message: string): void };
}

type None = Record<never, never>;
export type RedisClient = ReturnType<typeof createClient<None, None, None, 3, None>>;

/**
 * A client that connects by itself, again and again until it is destroyed, and fails a command at once while it has
 * no connection. `purpose` stands in the log lines.
 */
export function createRedisClient(
  { url, timeoutMs = DEFAULT_TIMEOUT_MS, log }: RedisConnection,
  purpose: string,
): RedisClient {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    // A half-open connection shows only in the missing answer to our own ping; and node-redis would give up after a
    // timeout unless told to go on.
    pingInterval: timeoutMs / 2.5,
    socket: {
      socketTimeout: timeoutMs,
      connectTimeout: timeoutMs,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 2000) * (0.5 + Math.random() / 2),
    },
  });
  let isDown = false;
  client.on('error', (error: Error) => {
    if (!isDown) log.warn({ err: error }, `redis ${purpose} connection lost`);
    isDown = true;
  });
  client.on('ready', () => {
    if (isDown) log.info(`redis ${purpose} connection is back`);
    isDown = false;
  });
  client.connect().catch(() => {
    // Destroyed before it ever connected; each failed try has been reported as an 'error'.
  });
  return client;
}

export function destroyRedisClient(client: RedisClient): void {
  // An attempt to connect that is under way would still succeed, and keep its connection.
  client.on('connect', () => client.destroy());
  client.destroy();
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
