import { authSettings, toAuthOptions } from '@dronecast/auth';
import {
  ConfigError,
  commonSettings,
  readConfig,
  redisSettings,
  type ServerOptions,
  toAllowedHosts,
  toList,
  toTrustProxy,
  tracingSettings,
} from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';
import type { RelayPluginOptions } from './relay-plugin.js';

/** Settings of the relay's own routes, wherever they run. */
export const relaySettings = {
  ...tracingSettings,
  MAX_PEERS: Type.Integer({ minimum: 1, default: 20_000, description: 'a positive whole number of clients' }),
  MAX_PEERS_PER_CALLER: Type.Optional(
    Type.Integer({ minimum: 0, description: 'a whole number of clients (0 = no limit)' }),
  ),
  CLIENT_FRAMES_PER_SECOND: Type.Integer({
    minimum: 1,
    default: 50,
    description: 'a positive whole number of frames',
  }),
  PEER_BUFFER_BYTES: Type.Integer({
    minimum: 65_536,
    default: 1_048_576,
    description: 'a whole number of bytes, 65536 or more',
  }),
  PEERS_BUFFER_BYTES: Type.Integer({
    minimum: 1_048_576,
    default: 268_435_456,
    description: 'a whole number of bytes, 1048576 or more',
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

const { PORT, HOST, LOG_LEVEL, CORS_ORIGINS, ALLOWED_HOSTS, TRUST_PROXY } = commonSettings;

/** Clients of one subject, unless set; without tokens all who share an address would be taken for one. */
const DEFAULT_PEERS_PER_SUBJECT = 1000;

export const Config = Type.Object({
  PORT: PORT(3001),
  HOST: HOST('0.0.0.0'),
  LOG_LEVEL,
  ...redisSettings,
  CORS_ORIGINS,
  ALLOWED_HOSTS,
  TRUST_PROXY,
  ...authSettings,
  ...relaySettings,
});

export type Config = Static<typeof Config>;

export const loadConfig = (env: NodeJS.ProcessEnv): Config => readConfig(Config, env);

const RelaySettings = Type.Object({
  HOST: HOST(''),
  LOG_LEVEL,
  CORS_ORIGINS,
  ALLOWED_HOSTS,
  TRUST_PROXY,
  ...authSettings,
  ...relaySettings,
});

/** Throws ConfigError for settings that contradict each other. */
export function toRelayOptions(settings: Static<typeof RelaySettings>): RelayPluginOptions & ServerOptions {
  const isOpen = toAuthOptions(settings).mode === 'none';
  if (settings.PEER_BUFFER_BYTES > settings.PEERS_BUFFER_BYTES)
    throw new ConfigError('PEER_BUFFER_BYTES must not be larger than PEERS_BUFFER_BYTES');
  return {
    logLevel: settings.LOG_LEVEL,
    trustProxy: toTrustProxy(settings.TRUST_PROXY),
    allowedHosts: isOpen ? toAllowedHosts(settings) : undefined,
    corsOrigins: toList(settings.CORS_ORIGINS),
    maxPeers: settings.MAX_PEERS,
    maxPeersPerCaller: settings.MAX_PEERS_PER_CALLER ?? (isOpen ? 0 : DEFAULT_PEERS_PER_SUBJECT),
    framesPerSecond: settings.CLIENT_FRAMES_PER_SECOND,
    peerBufferBytes: settings.PEER_BUFFER_BYTES,
    peersBufferBytes: settings.PEERS_BUFFER_BYTES,
    heartbeatMs: settings.HEARTBEAT_MS,
    coalesceMs: settings.COALESCE_MS,
    drainMs: settings.DRAIN_MS,
  };
}
