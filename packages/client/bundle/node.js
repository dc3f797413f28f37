import { a as isGap, c as RelayError, i as isForeign, l as createApi, n as TIMING, o as ConnectionError, r as createClient, s as RefusedError, t as localStorageCursor } from "./cursor-store-BmyofkND.js";
import { readFile, rename, writeFile } from "node:fs/promises";
//#region src/node-socket.ts
/** Node's own WebSocket, or that of the package `ws` before Node 22. */
const openSocket = async (url, protocols) => {
	if (globalThis.WebSocket) return new globalThis.WebSocket(url, protocols);
	const { WebSocket } = await import("ws").catch((cause) => {
		throw new ConnectionError("before Node 22, WebSockets need the package ws", { cause });
	});
	return new WebSocket(url, protocols, {
		perMessageDeflate: false,
		closeTimeout: 2e3
	});
};
//#endregion
//#region src/file-cursor.ts
/** In a file that is replaced as a whole, so that a crash leaves the old place or the new one. */
const fileCursor = (path) => ({
	async load() {
		try {
			return (await readFile(path, "utf8")).trim() || void 0;
		} catch (error) {
			if (error.code === "ENOENT") return void 0;
			throw error;
		}
	},
	async save(cursor) {
		await writeFile(`${path}.new`, cursor);
		await rename(`${path}.new`, path);
	}
});
//#endregion
//#region src/node.ts
/** Follows a relay from Node. Before Node 22, WebSockets need the package `ws`; without it, events come by SSE. */
const connect = (options) => createClient(options, {
	openSocket,
	timing: TIMING
});
//#endregion
export { ConnectionError, RefusedError, RelayError, connect, createApi, fileCursor, isForeign, isGap, localStorageCursor };
