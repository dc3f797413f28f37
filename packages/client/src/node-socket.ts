import { ConnectionError } from './errors.js';
import type { OpenSocket } from './transports/web-socket.js';

/** Node's own WebSocket, or that of the package `ws` before Node 22. */
export const openSocket: OpenSocket = async (url, protocols) => {
  if (globalThis.WebSocket) return new globalThis.WebSocket(url, protocols);
  const { WebSocket } = await import('ws').catch((cause: unknown) => {
    throw new ConnectionError('before Node 22, WebSockets need the package ws', { cause });
  });
  // A link that is dead must not hold the process for long.
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false, closeTimeout: 2000 } as object);
  return socket as unknown as globalThis.WebSocket;
};
