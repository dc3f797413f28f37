import type { AddressInfo } from 'node:net';
import {
  type Authenticator,
  type AuthOptions,
  createAuthenticator,
  createLocalLimiter,
} from '@dronecast/auth';
import { createMemoryBus, type EventBus } from '@dronecast/bus';
import { droneChannel, type Kind, SYSTEM_BROADCAST_CHANNEL } from '@dronecast/events';
import type { ServerOptions } from '@dronecast/runtime';
import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { createRelay } from '../src/app.js';
import type { RelayPluginOptions } from '../src/relay-plugin.js';

export interface TestRelay {
  readonly app: FastifyInstance;
  readonly bus: EventBus;
  /** Of the socket route. */
  readonly url: string;
  readonly port: number;
  /** Publishes an event with a number in it, which starts at 1. */
  publish(serialNumber: string, kind: Kind, padding?: string): Promise<number>;
}

export const createBus = (maxEvents = 100_000): EventBus => createMemoryBus({ maxEvents, maxAgeHours: 1 });

/** A relay on an in-memory bus that listens on a free port, closed with the test. */
export async function buildRelay(
  t: Test,
  {
    auth = { mode: 'none' },
    authenticator = createAuthenticator(auth, { log: { warn: t.comment } }),
    perMinute = 0,
    ...options
  }: Partial<RelayPluginOptions & Omit<ServerOptions, 'logLevel'>> & {
    auth?: AuthOptions;
    authenticator?: Authenticator;
    perMinute?: number;
  } = {},
  bus: EventBus = createBus(),
): Promise<TestRelay> {
  const defaults = {
    corsOrigins: [],
    maxPeers: 100,
    maxPeersPerCaller: 0,
    framesPerSecond: 100,
    peerBufferBytes: 1_048_576,
    peersBufferBytes: 268_435_456,
    heartbeatMs: 3_600_000,
    coalesceMs: 10,
    drainMs: 1000,
  };
  const app = createRelay(
    { bus, authenticator, limiter: createLocalLimiter(perMinute) },
    { ...defaults, ...options, logLevel: 'silent' },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  let number = 0;
  return {
    app,
    bus,
    port,
    url: `ws://127.0.0.1:${port}/ws/events`,
    async publish(serialNumber, kind, padding = '') {
      number += 1;
      const channel = kind === 'system' ? SYSTEM_BROADCAST_CHANNEL : droneChannel(serialNumber, kind);
      const body = JSON.stringify({ type: 'drone:event', channel, serialNumber, data: { number, padding } });
      await bus.publish([{ key: `test-${number}`, entries: [{ seq: 1, events: [{ channel, body }] }] }]);
      return number;
    },
  };
}
