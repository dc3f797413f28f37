import { createRateLimiter, type RateLimiter, WINDOW_S } from '@dronecast/auth';
import { createRedisLink, RATE_PREFIX, type RedisConnection } from '@dronecast/bus';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';

/** Milliseconds that a request may wait for Redis to count it. */
const PATIENCE_MS = 100;
/** Milliseconds without a command after which a connection that gives no answer has met its own timeout. */
const REST_MS = 10_000;

/** Gives up on a slow command, and for a while on all others: a half-open connection is noticed only when left alone. */
function createImpatience() {
  let restsUntil = 0;
  return async function promptly<T>(command: () => Promise<T>): Promise<T> {
    if (Date.now() < restsUntil) throw new Error('redis did not answer lately');
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        restsUntil = Date.now() + REST_MS;
        reject(new Error('redis does not answer'));
      }, PATIENCE_MS);
    });
    try {
      return await Promise.race([command(), tooLate]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * Counts across processes, in Redis. While Redis is away each process counts for itself, so that a caller gets more than
 * `perMinute` at worst, and no request fails or waits.
 */
export function createSharedLimiter(perMinute: number, connection: RedisConnection): RateLimiter {
  const link = createRedisLink(connection, 'rate limit');
  const promptly = createImpatience();
  let isShared = true;

  async function run(script: string, options: { keys: string[]; arguments: string[] }) {
    try {
      const counted = await promptly(() => link.use((client) => client.eval(script, options)));
      if (!isShared) connection.log.info('requests are counted across processes again');
      isShared = true;
      return counted;
    } catch (error) {
      if (isShared) connection.log.warn({ err: error }, 'requests are counted by each process for itself');
      isShared = false;
      throw error;
    }
  }

  const bounds = { points: perMinute, duration: WINDOW_S };
  const counter = new RateLimiterRedis({
    ...bounds,
    storeClient: { eval: run },
    useRedisPackage: true,
    keyPrefix: RATE_PREFIX,
    // Who is over the limit costs Redis nothing more.
    inMemoryBlockOnConsumed: perMinute,
    insuranceLimiter: new RateLimiterMemory(bounds),
  });
  return createRateLimiter(perMinute, counter, link.close);
}
