export { type ApiDependencies, type ApiOptions, createApi } from './app.js';
export { apiSettings, loadConfig, toApiOptions } from './config.js';
export { connect } from './connections.js';
export type { DroneStore, PublishedRange, StoredOutbox } from './store/drone-store.js';
export { createLmdbStore } from './store/lmdb/lmdb-store.js';
export { createMongoStore } from './store/mongo/mongo-store.js';
