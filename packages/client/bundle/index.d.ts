import { C as isForeign, D as CursorStore, E as paths, O as localStorageCursor, S as Kind, T as components, _ as EventOf, a as ConnectOptions, b as Incident, c as Api, d as Status, f as TransportName, g as EventName, h as DronecastEvent, i as Client, l as ApiOptions, m as Drone, n as RefusedError, o as Listeners, p as Filter, r as RelayError, s as Watch, t as ConnectionError, u as createApi, v as ForeignEvent, w as isGap, x as Item, y as Gap } from "./errors-CSzlOiUq.js";

//#region src/index.d.ts
/** Follows a relay from a browser, or wherever else there is a WebSocket. */
declare const connect: (options: ConnectOptions) => Client;
//#endregion
export { Api, ApiOptions, Client, ConnectOptions, ConnectionError, CursorStore, Drone, DronecastEvent, EventName, EventOf, Filter, ForeignEvent, Gap, Incident, Item, Kind, Listeners, RefusedError, RelayError, Status, TransportName, Watch, components, connect, createApi, isForeign, isGap, localStorageCursor, paths };