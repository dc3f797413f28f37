export { type Api, type ApiOptions, createApi } from './api.js';
export type { Client, ConnectOptions, Listeners } from './client.js';
export { type CursorStore, localStorageCursor } from './cursor-store.js';
export { ConnectionError, RefusedError, RelayError } from './errors.js';
export type { Filter } from './filter.js';
export {
  type Drone,
  type DronecastEvent,
  type EventName,
  type EventOf,
  type ForeignEvent,
  type Gap,
  type Incident,
  type Item,
  isForeign,
  isGap,
  type Kind,
} from './frames.js';
export type { components, paths } from './schema.js';
export type { OfflineReason, Status } from './status.js';
export type { TokenSource } from './token.js';
export type { TransportName } from './transport.js';
export type { Watch, WatchStatus } from './watch.js';
