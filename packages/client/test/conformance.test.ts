import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { SCOPES, signToken } from '@dronecast/auth';
import { freePort } from '@dronecast/testbed';
import { createClient as createRedis } from 'redis';
import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { type AppProcess, startProcess } from '../../../test/support/process.js';
import { until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import type { Item } from '../src/frames.js';
import type { Status } from '../src/status.js';
import type { TransportName } from '../src/transport.js';
import { follow } from './support/follow.js';

type Pair = readonly [serialNumber: string, revision: number];

interface Step {
  readonly patch?: readonly string[];
  readonly patchMany?: Pair;
  readonly events?: readonly Pair[];
  readonly eventsOf?: readonly [serialNumber: string, first: number, last: number];
  readonly last?: Pair;
  readonly gap?: true;
  readonly relay?: 'kill' | 'stop' | 'start' | 'freeze' | 'thaw';
  readonly redis?: 'flush';
  readonly status?: Status['state'];
  readonly pauseSeconds?: number;
  readonly refused?: number;
}

interface Scenario {
  readonly name: string;
  readonly transports?: readonly TransportName[];
  readonly drones: readonly string[];
  readonly client: { readonly sn?: readonly string[] };
  readonly tokens?: readonly string[];
  readonly steps: readonly Step[];
}

const FILE = new URL('../../../clients/conformance/scenarios.json', import.meta.url);
const SCENARIOS: readonly Scenario[] = JSON.parse(readFileSync(FILE, 'utf8'));
const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const DRONES = '/api/v1/drones';

const tokenFor = (expiresInSeconds: number): Promise<string> =>
  signToken({ sub: 'tests', scope: SCOPES.join(' '), drones: '*', expiresInSeconds }, SECRET);

const LASTING: Readonly<Record<string, number>> = { '3s': 3, '1h': 3600 };

async function startServers(t: Test) {
  const [redis, mongo, port] = await Promise.all([startRedis(t), startMongo(t), freePort()]);
  const env = {
    ...{ REDIS_URL: redis.url, MONGODB_URL: mongo.url, AUTH_MODE: 'jwt', JWT_SECRET: SECRET },
    ...{ HEARTBEAT_MS: '500', RATE_LIMIT_PER_MINUTE: '0' },
  };
  const ready = async (app: AppProcess): Promise<AppProcess> => {
    await until(async () => (await fetch(`${app.url}/health/ready`)).ok);
    return app;
  };
  const startRelay = async () =>
    ready(await startProcess(t, 'apps/relay/dist/server.js', { ...env, PORT: `${port}` }));
  return {
    api: await ready(await startProcess(t, 'apps/api/dist/server.js', env)),
    relay: await startRelay(),
    startRelay,
    redis: redis.url,
  };
}

const pairOf = (item: Item): Pair | string =>
  'revision' in item ? [item.serialNumber, item.revision] : item.type;

t.test(
  'the scenarios for every client',
  { skip: !(requiresRedis(t) && requiresMongo(t)) && 'servers missing' },
  async (t) => {
    const servers = await startServers(t);
    const { api } = servers;
    let relay = servers.relay;
    const headers = { authorization: `Bearer ${await tokenFor(3600)}` };
    const ask = async (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => {
      const answer = await call(api.url, method, `${DRONES}${path}`, body, headers);
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status}`);
    };
    let changes = 0;
    const patch = (sn: string): Promise<void> => {
      changes += 1;
      return ask('PATCH', `/sn/${sn}`, { deviceName: `change ${changes}` });
    };

    async function control(action: NonNullable<Step['relay']>): Promise<void> {
      if (action === 'kill') await relay.stop('SIGKILL');
      else if (action === 'stop') await relay.stop('SIGTERM');
      else if (action === 'start') relay = await servers.startRelay();
      else relay.child.kill(action === 'freeze' ? 'SIGSTOP' : 'SIGCONT');
    }

    async function flush(): Promise<void> {
      const redis = createRedis({ url: servers.redis });
      await redis.connect();
      await redis.flushAll();
      redis.destroy();
    }

    async function play(t: Test, scenario: Scenario, transport: TransportName): Promise<void> {
      for (const sn of scenario.drones) await ask('POST', '/register', registration(sn));
      const tokens = [...(scenario.tokens ?? [])];
      const token = async (): Promise<string> => {
        const lasts = tokens.shift() ?? '1h';
        return lasts === 'garbage' ? lasts : tokenFor(LASTING[lasts] ?? Number.NaN);
      };
      const options = { url: relay.url, api: api.url, transport, token, events: ['updated'] } as const;
      const { client, items, reached } = follow(t, { ...options, ...scenario.client });
      if (!scenario.steps.some(({ refused }) => refused)) await reached('live');
      for (const step of scenario.steps) {
        if (step.patch) for (const sn of step.patch) await patch(sn);
        if (step.patchMany)
          for (let left = step.patchMany[1]; left > 0; left -= 1) await patch(step.patchMany[0]);
        if (step.events) t.same((await items.take(step.events.length)).map(pairOf), step.events);
        if (step.eventsOf) {
          const [sn, first, last] = step.eventsOf;
          const expected = Array.from({ length: last - first + 1 }, (_, index) => [sn, first + index]);
          t.same((await items.take(expected.length)).map(pairOf), expected);
        }
        if (step.last) {
          const wanted = JSON.stringify(step.last);
          t.ok(await items.find((item) => JSON.stringify(pairOf(item)) === wanted));
        }
        if (step.gap) t.ok(await items.find((item) => pairOf(item) === 'relay'), 'a gap is announced');
        if (step.relay) await control(step.relay);
        if (step.redis) await flush();
        if (step.status) t.ok(await reached(step.status));
        if (step.pauseSeconds) await pause(step.pauseSeconds * 1000);
        if (step.refused) t.match(await client.closed, { name: 'RefusedError', code: step.refused });
      }
      t.equal(items.length, 0, 'nothing else came');
      await client.close();
      for (const sn of scenario.drones) await ask('DELETE', `/sn/${sn}`);
    }

    for (const scenario of SCENARIOS) {
      for (const transport of scenario.transports ?? (['ws', 'sse', 'poll'] as const)) {
        await t.test(`${scenario.name} (${transport})`, (t) => play(t, scenario, transport));
      }
    }
  },
);
