import {
  createLocalLimiter,
  EVERYTHING_ALLOWED,
  type RateLimiter,
  rateLimit,
  SCOPES,
  signToken,
} from '@dronecast/auth';
import Fastify from 'fastify';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { type RedisServer, requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { createSharedLimiter } from '../src/shared-limiter.js';
import { buildApi } from './build-api.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const AUTH = { mode: 'secret', secret: SECRET, issuer: undefined, audience: undefined } as const;
const bearerOf = async (sub: string) => {
  const content = { sub, scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 };
  return { authorization: `Bearer ${await signToken(content, SECRET)}` };
};

t.test('each subject has its own count, and is told how it stands', async (t) => {
  const { call } = await buildApi(t, { auth: AUTH, limiter: createLocalLimiter(2) });
  const ask = async (sub: string, url = '/api/v1/drones') => call({ url, headers: await bearerOf(sub) });
  const first = await ask('ann');
  t.equal(first.status, 200);
  t.equal(first.headers['ratelimit-policy'], '"minute";q=2;w=60');
  t.equal(first.headers.ratelimit, '"minute";r=1;t=60');
  t.equal((await ask('ann', '/api/v1/drones/sn/NOBODY')).headers.ratelimit, '"minute";r=0;t=60');

  const refused = await ask('ann');
  t.match(refused, { status: 429, body: { status: 429, code: 'rate_limited', requestId: String } });
  t.match(refused.headers['content-type'], 'application/problem+json');
  t.match(refused.headers['retry-after'], /^(?:60|59)$/);
  t.match(refused.headers.ratelimit, '"minute";r=0;');
  t.equal((await ask('bob')).status, 200);
  for (let i = 0; i < 5; i += 1) t.equal((await call({ url: '/health/live' })).status, 200);
  t.equal((await call({ url: '/api/v1/drones' })).status, 401, 'a token is asked for first');
});

t.test('who shows no token is known by its address', async (t) => {
  const app = Fastify({ trustProxy: ['127.0.0.1'] });
  t.teardown(() => app.close());
  app.decorateRequest('access', { getter: () => EVERYTHING_ALLOWED });
  app.register(rateLimit, { limiter: createLocalLimiter(1)! });
  app.register(async (routes) => {
    routes.get('/', async () => 'ok');
  });
  const ask = async (remoteAddress: string, forwarded?: string) => {
    const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    return (await app.inject({ url: '/', remoteAddress, headers })).statusCode;
  };
  t.equal(await ask('10.0.0.1'), 200);
  t.equal(await ask('10.0.0.1'), 429);
  t.equal(await ask('10.0.0.1', '10.9.9.9'), 429, 'only a trusted proxy may speak for others');
  t.equal(await ask('10.0.0.2'), 200);
  t.equal(await ask('127.0.0.1', '10.0.0.3'), 200);
  t.equal(await ask('127.0.0.1', '1.1.1.1, 10.0.0.3'), 429, 'nor does a client speak through it');
});

function startLimiter(t: Test, { url }: Pick<RedisServer, 'url'>, perMinute: number, said: string[] = []) {
  const log = {
    info: (message: string) => void said.push(message),
    warn: (_details: object, message: string) => void said.push(message),
  };
  const limiter = createSharedLimiter(perMinute, { url, timeoutMs: 1000, log });
  t.teardown(() => limiter.close());
  return limiter;
}

/** Asks in the name of a new caller until the answer shows that another process counts along. */
async function untilShared(...[a, b]: RateLimiter[]): Promise<void> {
  let probe = 0;
  await until(async () => {
    probe += 1;
    const key = `probe-${probe}`;
    const { remaining } = await a!.take(key);
    return (await b!.take(key)).remaining === remaining - 1;
  });
}

t.test('processes count together', { skip: !requiresRedis(t) && 'no redis' }, async (t) => {
  const redis = await startRedis(t);
  const [a, b] = [startLimiter(t, redis, 4), startLimiter(t, redis, 4)];
  await untilShared(a, b);
  const remaining = [];
  for (const limiter of [a, b, a, b]) remaining.push((await limiter.take('ann')).remaining);
  t.same(remaining, [3, 2, 1, 0]);
  for (const limiter of [a, b, a]) t.match(await limiter.take('ann'), { isExceeded: true, remaining: 0 });
  t.match(await b.take('bob'), { isExceeded: false, remaining: 3, limit: 4 });
});

t.test('while Redis is away each counts for itself', { skip: !requiresRedis(t) && 'no redis' }, async (t) => {
  const redis = await startRedis(t);
  const said: string[] = [];
  const [a, b] = [startLimiter(t, redis, 3, said), startLimiter(t, redis, 3)];
  await untilShared(a, b);
  said.length = 0;
  await redis.stop();
  for (const limiter of [a, b]) {
    for (const remaining of [2, 1, 0]) t.match(await limiter.take('cid'), { isExceeded: false, remaining });
    t.match(await limiter.take('cid'), { isExceeded: true });
  }
  await redis.restart();
  await untilShared(a, b);
  const counted = said.filter((message) => message.startsWith('requests are counted'));
  t.same(counted, [
    'requests are counted by each process for itself',
    'requests are counted across processes again',
  ]);
});

t.test(
  'a Redis that is silent makes nobody wait twice',
  { skip: !requiresRedis(t) && 'no redis' },
  async (t) => {
    const redis = await startRedis(t);
    const limiter = startLimiter(t, redis, 1000);
    await untilShared(limiter, startLimiter(t, redis, 1000));
    redis.kill('SIGSTOP');
    t.match(await limiter.take('dan'), { remaining: 999, isExceeded: false }, 'after a moment');
    // All of these would take ten seconds if each of them waited.
    const start = Date.now();
    for (let i = 0; i < 100; i += 1) await limiter.take('dan');
    t.ok(Date.now() - start < 5000);
    redis.kill('SIGCONT');
  },
);
