import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { SCOPES, signToken } from '@dronecast/auth';
import { freePort } from '@dronecast/testbed';
import { createClient as createRedis } from 'redis';
import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresMongo, startMongo } from '../../../test/support/mongo-server.js';
import { type AppProcess, startProcess } from '../../../test/support/process.js';
import { type Queue, until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import type { EventOf, Item } from '../src/frames.js';
import type { OfflineReason, Status } from '../src/status.js';
import type { TransportName } from '../src/transport.js';
import { follow } from './support/follow.js';

type Pair = readonly [serialNumber: string, revision: number];

interface Step {
  readonly patch?: readonly string[];
  readonly patchMany?: Pair;
  readonly events?: readonly Pair[];
  readonly eventsOf?: readonly [serialNumber: string, first: number, last: number];
  readonly last?: Pair;
  readonly actor?: string;
  readonly gap?: true;
  readonly relay?: 'kill' | 'stop' | 'start' | 'freeze' | 'thaw';
  readonly redis?: 'flush';
  readonly status?: Status['state'];
  readonly offline?: OfflineReason;
  readonly ping?: 'answered' | 'unanswered';
  readonly pauseSeconds?: number;
  readonly refused?: number;
  readonly publishTexts?: string;
  readonly writeTexts?: string;
}

interface Text {
  readonly name: string;
  readonly json?: string;
  readonly repeat?: readonly [text: string, times: number];
  readonly fields?: false;
}

interface Scenario {
  readonly name: string;
  readonly transports?: readonly TransportName[];
  readonly drones: readonly string[];
  readonly client: { readonly sn?: readonly string[] };
  readonly tokens?: readonly string[];
  readonly token?: string;
  readonly steps: readonly Step[];
}

const FOLDER = new URL('../../../clients/conformance/', import.meta.url);
const readList = (name: string) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'));
const SCENARIOS: readonly Scenario[] = readList('scenarios.json');
const TEXTS = (readList('texts.json') as Text[]).map(
  ({ name, json, repeat: [part, times] = ['', 0], fields }) => {
    const text = json ?? JSON.stringify(part.repeat(times));
    const value: unknown = JSON.parse(text);
    return { name, json: text, value, isField: typeof value === 'string' && fields !== false };
  },
);
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
      return ask('PATCH', `/sn/${encodeURIComponent(sn)}`, { deviceName: `change ${changes}` });
    };

    async function control(action: NonNullable<Step['relay']>): Promise<void> {
      if (action === 'kill') await relay.stop('SIGKILL');
      else if (action === 'stop') await relay.stop('SIGTERM');
      else if (action === 'start') relay = await servers.startRelay();
      else relay.child.kill(action === 'freeze' ? 'SIGSTOP' : 'SIGCONT');
    }

    const redis = createRedis({ url: servers.redis });
    await redis.connect();
    t.teardown(() => redis.destroy());

    /** Each is published until it comes: between two long-polls nobody is there. */
    async function publishTexts(t: Test, channel: string, items: Queue<Item>): Promise<void> {
      for (const [n, { name, json, value }] of TEXTS.entries()) {
        const publish = () => redis.publish(channel, `{"n":${n},"value":${json}}`);
        const again = setInterval(publish, 200);
        await publish();
        const { data } = await items.find((item) => (item.data as { n?: number }).n === n);
        clearInterval(again);
        t.ok(isDeepStrictEqual((data as { value: unknown }).value, value), name);
      }
      // One that was published twice.
      while (items.length > 0) await items.next();
    }

    async function writeTexts(t: Test, sn: string, items: Queue<Item>): Promise<void> {
      const write = async (name: string, path: string, body: object, read: (item: Item) => unknown) => {
        const method = path === '' ? 'PATCH' : 'POST';
        const { status } = await call(api.url, method, `${DRONES}/sn/${sn}${path}`, body, headers);
        if (status === 400 || status === 413) return;
        t.ok(status < 300, `${name}: ${status}`);
        return read(await items.next());
      };
      const full = (item: Item) => (item as EventOf<'drone.updated'>).data.full;
      for (const { name, value } of TEXTS.filter(({ isField }) => isField)) {
        const label = {
          label: value,
          imageUrl: 'https://images.example.com/1.jpg',
          objectBBox: [1, 2, 3, 4],
        };
        const seen = [
          await write(name, '', { deviceName: value }, (item) => full(item).deviceName),
          await write(
            name,
            '',
            { metadata: { description: value } },
            (item) => full(item).metadata.description,
          ),
          await write(name, '/incidents', label, (item) => {
            return (item as EventOf<'drone.incident.detected'>).data.incident.label;
          }),
        ];
        t.ok(
          seen.every((text) => text === undefined || text === value),
          name,
        );
      }
    }

    async function play(t: Test, scenario: Scenario, transport: TransportName): Promise<void> {
      for (const sn of scenario.drones) await ask('POST', '/register', registration(sn));
      const tokens = [...(scenario.tokens ?? [])];
      const token = async (): Promise<string> => {
        const lasts = tokens.shift() ?? '1h';
        return lasts === 'garbage' ? lasts : tokenFor(LASTING[lasts] ?? Number.NaN);
      };
      const options = { url: relay.url, api: api.url, transport, events: ['updated'] } as const;
      const { client, items, states, reached } = follow(t, {
        ...{ ...options, token: scenario.token ?? token },
        ...scenario.client,
      });
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
        if (step.actor) t.match(await items.next(), { actor: step.actor });
        if (step.gap) t.ok(await items.find((item) => pairOf(item) === 'relay'), 'a gap is announced');
        if (step.relay) await control(step.relay);
        if (step.redis) await redis.flushAll();
        if (step.status) t.ok(await reached(step.status));
        if (step.offline)
          t.ok(await states.find((status) => status.state === 'offline' && status.reason === step.offline));
        if (step.publishTexts) await publishTexts(t, step.publishTexts, items);
        if (step.writeTexts) await writeTexts(t, step.writeTexts, items);
        if (step.ping === 'unanswered') await t.rejects(client.ping(), { name: 'ConnectionError' });
        if (step.ping === 'answered') {
          const heardAt = client.lastFrameAt ?? Number.NaN;
          t.type(await client.ping(), transport === 'ws' ? 'number' : 'undefined');
          t.ok((client.lastFrameAt ?? 0) >= heardAt);
        }
        if (step.pauseSeconds) await pause(step.pauseSeconds * 1000);
        if (step.refused) t.match(await client.closed, { name: 'RefusedError', code: step.refused });
      }
      t.equal(items.length, 0, 'nothing else came');
      await client.close();
      for (const sn of scenario.drones) await ask('DELETE', `/sn/${encodeURIComponent(sn)}`);
    }

    for (const scenario of SCENARIOS) {
      for (const transport of scenario.transports ?? (['ws', 'sse', 'poll'] as const)) {
        await t.test(`${scenario.name} (${transport})`, (t) => play(t, scenario, transport));
      }
    }
  },
);
