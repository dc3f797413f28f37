import { C as isForeign, D as CursorStore, E as paths, O as localStorageCursor, S as Kind, T as components, _ as EventOf, a as ConnectOptions, b as Incident, c as Api, d as Status, f as TransportName, g as EventName, h as DronecastEvent, i as Client, l as ApiOptions, m as Drone, n as RefusedError, o as Listeners, p as Filter, r as RelayError, s as Watch, t as ConnectionError, u as createApi, v as ForeignEvent, w as isGap, x as Item, y as Gap } from "./errors-CSzlOiUq.js";

//#region src/file-cursor.d.ts
/** In a file that is replaced as a whole, so that a crash leaves the old place or the new one. */
declare const fileCursor: (path: string) => CursorStore;
//#endregion
//#region src/node.d.ts
/** Follows a relay from Node. Before Node 22, WebSockets need the package `ws`; without it, events come by SSE. */
declare const connect: (options: ConnectOptions) => Client;
//#endregion
export { Api, ApiOptions, Client, ConnectOptions, ConnectionError, CursorStore, Drone, DronecastEvent, EventName, EventOf, Filter, ForeignEvent, Gap, Incident, Item, Kind, Listeners, RefusedError, RelayError, Status, TransportName, Watch, components, connect, createApi, fileCursor, isForeign, isGap, localStorageCursor, paths };