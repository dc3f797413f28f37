import { createClient } from 'redis';

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
  { url, timeoutMs = 5000, log }: RedisConnection,
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
  if (client.isOpen) client.destroy();
}
