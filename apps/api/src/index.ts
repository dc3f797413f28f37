export { type ApiDependencies, type ApiOptions, createApi } from './app.js';
export { apiSettings, parseOrigins } from './config.js';
export type { DroneStore } from './store/drone-store.js';
export { createLmdbStore } from './store/lmdb/lmdb-store.js';
export { createMongoStore } from './store/mongo/mongo-store.js';
