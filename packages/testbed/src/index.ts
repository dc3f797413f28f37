export { freePort } from './free-port.js';
export { createFullOutbox, type FullOutbox } from './full-outbox.js';
export { isInstalled } from './installed.js';
export { MONGO_COMMAND, type Mongo, startMongo } from './mongo.js';
export { REDIS_COMMAND, type Redis, type RedisOptions, startRedis } from './redis.js';
export { type RedisCluster, startRedisCluster } from './redis-cluster.js';
export { type RedisSentinels, startRedisSentinels } from './redis-sentinel.js';
export { type Server, type ServerOptions, startServer } from './server.js';
