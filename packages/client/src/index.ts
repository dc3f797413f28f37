import { type Client, type ConnectOptions, createClient } from './client.js';
import { TIMING } from './timing.js';

export * from './exports.js';

/** Follows a relay from a browser, or wherever else there is a WebSocket. */
export const connect = (options: ConnectOptions): Client =>
  createClient(options, {
    openSocket: async (url, protocols) => new WebSocket(url, protocols),
    timing: TIMING,
  });
