export { createRelay } from './app.js';
export { loadConfig, relaySettings, toRelayOptions } from './config.js';
export { connect } from './connections.js';
export type { RelayOptions } from './relay.js';
export { registerRelay } from './relay-plugin.js';
