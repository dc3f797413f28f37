export { type ApiDependencies, type ApiOptions, createApi } from './app.js';
export { apiSettings, parseOrigins } from './config.js';
export { createLmdbStore } from './store/lmdb/lmdb-store.js';
