export { createRelay } from './app.js';
export { relaySettings, toRelayOptions } from './config.js';
export type { RelayOptions } from './relay.js';
export { registerRelay } from './relay-plugin.js';
