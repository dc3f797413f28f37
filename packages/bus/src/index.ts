export * from './event-bus.js';
export { createMemoryBus } from './memory-bus.js';
export { createRedisBus, type RedisBusOptions } from './redis-bus.js';
export { RATE_PREFIX } from './redis-keys.js';
export { createRedisLink, type RedisConnection } from './redis-link.js';
