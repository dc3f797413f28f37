export * from './event-bus.js';
export { createMemoryBus } from './memory-bus.js';
export { createRedisBus, type RedisBusOptions } from './redis-bus.js';
export { createRedisClient, destroyRedisClient, type RedisConnection } from './redis-client.js';
