import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RateLimiter } from '@dronecast/auth';
import { type AuthOptions, createAuthenticator } from '@dronecast/auth';
import { createMemoryBus, type EventBus } from '@dronecast/bus';
import type { FastifyInstance, InjectOptions } from 'fastify';
import pino from 'pino';
import type { Test } from 'tap';
import { Queue } from '../../../test/support/queue.js';
import { createApi } from '../src/app.js';
import type { AuditRecord } from '../src/routes/audit.js';
import type { DroneStore } from '../src/store/drone-store.js';
import { createLmdbStore } from '../src/store/lmdb/lmdb-store.js';

export interface TestApi {
  readonly app: FastifyInstance;
  /** Channels of what was published, in order; the copies included. */
  readonly published: string[];
  /** Audit lines, in order. */
  readonly audits: Queue<AuditRecord & { subject?: string }>;
  readonly bus: EventBus;
  // biome-ignore lint/suspicious/noExplicitAny: each answer has its own shape, and the tests assert it.
  call(options: InjectOptions): Promise<{ status: number; headers: Record<string, unknown>; body: any }>;
}

export interface TestApiOptions {
  readonly auth?: AuthOptions;
  readonly limiter?: RateLimiter | undefined;
  readonly corsOrigins?: readonly string[];
  readonly timeoutMs?: number;
  /** Default: one in memory. */
  readonly bus?: EventBus;
  /** Default: an LMDB store of its own. */
  readonly store?: DroneStore;
  /** Puts faults between the API and its store. */
  readonly faults?: (store: DroneStore) => DroneStore;
}

/** The API on embedded parts, closed with the test. */
export async function buildApi(
  t: Test,
  {
    auth = { mode: 'none' },
    limiter,
    corsOrigins = [],
    timeoutMs,
    bus = createMemoryBus({ maxEvents: 1000, maxAgeHours: 1 }),
    store,
    faults = (store) => store,
  }: TestApiOptions = {},
): Promise<TestApi> {
  const path = await mkdtemp(join(tmpdir(), 'dronecast-api-'));
  const published: string[] = [];
  bus.subscribe({ connected() {}, disconnected() {}, message: (channel) => published.push(channel) });
  const authenticator = createAuthenticator(auth, { log: { warn: t.comment } });
  const app = createApi(
    { store: faults(store ?? createLmdbStore({ path })), bus, authenticator, limiter },
    { logLevel: 'silent', corsOrigins, credentialsKeys: undefined, timeoutMs },
  );
  const audits: TestApi['audits'] = new Queue();
  const log = pino(
    {},
    {
      write(line) {
        const { audit } = JSON.parse(line);
        if (audit) audits.push(audit);
      },
    },
  );
  app.addHook('onRequest', async (request) => {
    request.log = log;
  });
  t.teardown(async () => {
    await app.close();
    await rm(path, { recursive: true, force: true });
  });
  return {
    app,
    published,
    audits,
    bus,
    async call(options) {
      const { statusCode, headers, body } = await app.inject(options);
      return { status: statusCode, headers, body: body && JSON.parse(body) };
    },
  };
}
