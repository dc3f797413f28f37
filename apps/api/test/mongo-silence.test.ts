import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createAuthenticator } from '@dronecast/auth';
import { createMemoryBus } from '@dronecast/bus';
import type { Mongo } from '@dronecast/testbed';
import t, { type Test } from 'tap';
import { request } from 'undici';
import { registration } from '../../../test/support/api.js';
import { requiresOwnMongo, startOwnMongo } from '../../../test/support/mongo-server.js';
import { until } from '../../../test/support/queue.js';
import { createApi } from '../src/app.js';
import { createMongoStore } from '../src/store/mongo/mongo-store.js';
import { newId } from './samples.js';
import { oneTo } from './store-contract/context.js';

const TIMEOUT_MS = 1500;
/** The API promises a second. The rest is for a busy machine. */
const GRACE_MS = 2000;
const DRONES = 100;

/** A TCP proxy that can stop forwarding without closing any connection. */
async function startTunnel(t: Test, port: number) {
  const sockets = new Set<Socket>();
  let isOpen = true;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    return socket;
  };
  const server = createServer((near) => {
    keep(near);
    if (!isOpen) return void near.pause();
    const far = keep(connect(port, '127.0.0.1'));
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    block(): void {
      isOpen = false;
      for (const socket of sockets) socket.unpipe().pause();
    },
    open(): void {
      isOpen = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}

interface Silence {
  begin(): unknown;
  end(): unknown;
}

type Tunnel = Awaited<ReturnType<typeof startTunnel>>;

const SILENCES: Record<string, (server: Mongo, tunnel: Tunnel) => Silence> = {
  'the server process is stopped': (server) => ({
    begin: () => server.kill('SIGSTOP'),
    end: () => server.kill('SIGCONT'),
  }),
  'connections are refused': (server) => ({ begin: () => server.stop('SIGKILL'), end: server.restart }),
  'packets are dropped': (_server, { block, open }) => ({ begin: block, end: open }),
};

async function startApi(t: Test) {
  const server = await startOwnMongo(t);
  const tunnel = await startTunnel(t, server.port);
  const url = server.url.replace(`:${server.port}`, `:${tunnel.port}`);
  const log = { info() {}, warn() {}, error() {} };
  const app = createApi(
    {
      store: createMongoStore({ url, poolSize: 20, timeoutMs: TIMEOUT_MS, log }),
      bus: createMemoryBus({ maxEvents: 1000, maxAgeHours: 1 }),
      authenticator: createAuthenticator({ mode: 'none' }, { log: { warn() {} } }),
      limiter: undefined,
    },
    { logLevel: 'silent', corsOrigins: [], credentialsKeys: undefined, timeoutMs: TIMEOUT_MS },
  );
  const base = await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());

  /** The answer, and the milliseconds it took. */
  async function call(path: string, method: 'GET' | 'POST' | 'PATCH' | 'DELETE' = 'GET', body?: object) {
    const start = performance.now();
    const answer = await request(`${base}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await answer.body.text();
    const ms = performance.now() - start;
    return { status: answer.statusCode, body: text ? JSON.parse(text) : undefined, ms };
  }

  const drones = '/api/v1/drones';
  await until(async () => (await call('/health/ready')).status === 200);
  const ids = await Promise.all(
    oneTo(DRONES).map(async (i) => {
      const { body } = await call(`${drones}/register`, 'POST', registration(`DRN-${i}`));
      return body.data.drone.id as string;
    }),
  );
  await until(async () => (await call('/health/ready')).body.backlog.drones === 0);
  return { server, tunnel, call, drones, ids };
}

function silenceTests(t: Test): void {
  for (const [name, silence] of Object.entries(SILENCES)) {
    t.test(`while ${name}, every request gets 503 in time and no change is made later`, async (t) => {
      const { server, tunnel, call, drones, ids } = await startApi(t);
      const { begin, end } = silence(server, tunnel);
      const incident = { imageUrl: 'https://images.example.com/1.jpg', objectBBox: [0, 0, 1, 1] };
      const patch = { streamIsOn: true };
      const each = [
        () => call(`${drones}/${ids[0]}`),
        () => call(`${drones}/sn/DRN-1`),
        () => call(drones),
        () => call('/api/v1/incidents'),
        () => call(`${drones}/sn/DRN-1/incidents`),
        () => call(`${drones}/sn/DRN-2`, 'PATCH', patch),
        () => call(`${drones}/${ids[2]}`, 'PATCH', patch),
        () => call(`${drones}/sn/DRN-4`, 'DELETE'),
        () => call(`${drones}/register`, 'POST', registration(`NEW-${newId()}`)),
        () => call(`${drones}/sn/DRN-5/incidents`, 'POST', incident),
        () => call('/health/ready'),
      ];
      const crowd = oneTo(DRONES).flatMap((i) => [
        () => call(`${drones}/sn/DRN-1`, 'PATCH', patch),
        () => call(`${drones}/sn/DRN-${i}`, 'PATCH', patch),
        () => call(`${drones}/sn/DRN-${i}`),
        () => call(`${drones}/${ids[i - 1]}`),
        () => call(drones),
      ]);
      await begin();
      // The signal may take effect late on a busy machine.
      await until(async () => (await call(`${drones}/sn/DRN-100`)).status === 503);
      for (const requests of [each, crowd, each]) {
        const answers = await Promise.all(requests.map((run) => run()));
        t.same(new Set(answers.map(({ status }) => status)), new Set([503]));
        const slowest = Math.max(...answers.map(({ ms }) => ms));
        t.ok(slowest < TIMEOUT_MS + GRACE_MS, `${requests.length} requests, the slowest took ${slowest} ms`);
      }
      await end();
      await until(
        async () => (await call(`${drones}/sn/DRN-1`, 'PATCH', { streamIsOn: true })).status === 200,
      );
      const { body } = await call(`${drones}?limit=1000`);
      const revisions = new Map(
        body.data.drones.map((drone: { deviceSerialNumber: string; revision: number }) => [
          drone.deviceSerialNumber,
          drone.revision,
        ]),
      );
      t.equal(revisions.get('DRN-1'), 2);
      for (const i of oneTo(DRONES).slice(1)) t.equal(revisions.get(`DRN-${i}`), 1, `DRN-${i}`);
    });
  }
}

if (requiresOwnMongo(t)) silenceTests(t);
