import { commonSettings, readConfig, type ServerOptions } from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';
import type { RelayOptions } from './relay.js';

/** Settings of the relay's own routes, wherever they run. */
export const relaySettings = {
  MAX_PEERS: Type.Integer({ minimum: 1, default: 20_000, description: 'a positive whole number of clients' }),
  PEER_BUFFER_BYTES: Type.Integer({
    minimum: 65_536,
    default: 1_048_576,
    description: 'a whole number of bytes, 65536 or more',
  }),
  HEARTBEAT_MS: Type.Integer({ minimum: 100, default: 25_000, description: 'milliseconds, 100 or more' }),
  COALESCE_MS: Type.Integer({
    minimum: 0,
    maximum: 1000,
    default: 10,
    description: 'milliseconds, 0-1000',
  }),
  DRAIN_MS: Type.Integer({ minimum: 0, default: 15_000, description: 'milliseconds, 0 or more' }),
};

const { PORT, HOST, LOG_LEVEL, REDIS_URL, REDIS_TIMEOUT_MS } = commonSettings;

const Config = Type.Object({
  PORT: PORT(3001),
  HOST: HOST('0.0.0.0'),
  LOG_LEVEL,
  REDIS_URL,
  REDIS_TIMEOUT_MS,
  ...relaySettings,
});

export type Config = Static<typeof Config>;

export const loadConfig = (env: NodeJS.ProcessEnv): Config => readConfig(Config, env);

const RelaySettings = Type.Object({ LOG_LEVEL, ...relaySettings });

export const toRelayOptions = (settings: Static<typeof RelaySettings>): RelayOptions & ServerOptions => ({
  logLevel: settings.LOG_LEVEL,
  maxPeers: settings.MAX_PEERS,
  peerBufferBytes: settings.PEER_BUFFER_BYTES,
  heartbeatMs: settings.HEARTBEAT_MS,
  coalesceMs: settings.COALESCE_MS,
  drainMs: settings.DRAIN_MS,
});
