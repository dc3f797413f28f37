import { type Static, type TObject, Type } from '@sinclair/typebox';
import { ConfigError } from './config.js';

/** Where Redis is. */
export const redisSettings = {
  REDIS_URL: Type.String({
    format: 'redis-url',
    default: 'redis://127.0.0.1:6379',
    description: 'a redis:// or rediss:// URL, with what is special in a password percent-encoded',
  }),
  REDIS_MODE: Type.Union([Type.Literal('single'), Type.Literal('sentinel'), Type.Literal('cluster')], {
    default: 'single',
    description: 'single, sentinel or cluster',
  }),
  REDIS_NODES: Type.String({
    format: 'redis-urls',
    default: '',
    description: 'a comma list of redis:// or rediss:// URLs',
  }),
  REDIS_TIMEOUT_MS: Type.Integer({
    minimum: 100,
    default: 5000,
    description: 'milliseconds of silence after which a connection to Redis counts as dead, 100 or more',
  }),
};

/** How to find Redis. Throws ConfigError. */
export function toRedis(settings: Static<TObject<typeof redisSettings>>) {
  const { REDIS_URL: url, REDIS_MODE: mode, REDIS_NODES, REDIS_TIMEOUT_MS: timeoutMs } = settings;
  const nodes = REDIS_NODES.split(',').filter(Boolean);
  if (mode === 'sentinel' && nodes.length === 0)
    throw new ConfigError('REDIS_NODES must name the sentinels with REDIS_MODE=sentinel');
  return { url, mode, nodes, timeoutMs };
}
