import { type Client, type ConnectOptions, createClient } from './client.js';
import { openSocket } from './node-socket.js';
import { TIMING } from './timing.js';

export * from './exports.js';
export { fileCursor } from './file-cursor.js';

/** Follows a relay from Node. Before Node 22, WebSockets need the package `ws`; without it, events come by SSE. */
export const connect = (options: ConnectOptions): Client =>
  createClient(options, { openSocket, timing: TIMING });
