import { a as isGap, c as RelayError, i as isForeign, l as createApi, n as TIMING, o as ConnectionError, r as createClient, s as RefusedError, t as localStorageCursor } from "./cursor-store-BmyofkND.js";
//#region src/index.ts
/** Follows a relay from a browser, or wherever else there is a WebSocket. */
const connect = (options) => createClient(options, {
	openSocket: async (url, protocols) => new WebSocket(url, protocols),
	timing: TIMING
});
//#endregion
export { ConnectionError, RefusedError, RelayError, connect, createApi, isForeign, isGap, localStorageCursor };
