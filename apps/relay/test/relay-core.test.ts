import { EVERYTHING_ALLOWED } from '@dronecast/auth';
import { CloseCode, droneChannel } from '@dronecast/events';
import { Registry } from '@dronecast/runtime';
import type { FastifyBaseLogger } from 'fastify';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { connectSocket } from '../../../test/support/socket-client.js';
import { createRelayMetrics } from '../src/metrics.js';
import type { Transport } from '../src/peer/transport.js';
import { createRelayCore } from '../src/relay.js';
import { buildRelay, createBus } from './build-relay.js';
import { createFakeTransport } from './fake-transport.js';

const boom = (): never => {
  throw new TypeError('boom');
};

/** A relay without a network, whose clients are fake ones; it has room for 100. */
async function startCore(t: Test) {
  const bus = createBus();
  const registry = new Registry();
  const lines: { err: Error; clientId: string }[] = [];
  const log = { warn() {}, info() {}, error: (details: object) => lines.push(details as never) };
  const relay = createRelayCore(
    {
      bus,
      authenticate: async () => EVERYTHING_ALLOWED,
      log: log as unknown as FastifyBaseLogger,
      metrics: createRelayMetrics(registry),
      trace: undefined,
    },
    {
      maxPeers: 100,
      maxPeersPerCaller: 0,
      framesPerSecond: 100,
      peerBufferBytes: 65_536,
      peersBufferBytes: 1_048_576,
      heartbeatMs: 100,
      coalesceMs: 0,
      drainMs: 0,
    },
  );
  t.teardown(async () => {
    await relay.close();
    await bus.close();
  });
  await until(() => relay.refusal() === undefined);
  let number = 0;
  return {
    relay,
    lines,
    peers: () => relay.health().peers,
    closes: async (code: string) =>
      (await registry.getSingleMetric('dronecast_closes_total')?.get())?.values.find(
        ({ labels }) => labels.code === code,
      )?.value,
    admit(breaks: Partial<Transport> = {}, expiresInMs?: number) {
      const access = {
        ...EVERYTHING_ALLOWED,
        expiresAt: expiresInMs === undefined ? undefined : Date.now() + expiresInMs,
      };
      const fake = createFakeTransport(breaks);
      const grant = relay.grant({ sn: [], events: [] }, access);
      if (!grant) throw new Error('nothing was granted');
      relay.admit({ ...grant, transport: fake.transport, caller: 'test', since: undefined });
      return fake;
    },
    async publish() {
      number += 1;
      const channel = droneChannel('A', 'updated');
      const events = [{ channel, body: JSON.stringify({ number }) }];
      await bus.publish([{ key: `test-${number}`, entries: [{ seq: 1, events }] }]);
    },
  };
}

/** Throws once its client was greeted. */
const laterBoom = () => {
  let calls = 0;
  return (): void => {
    calls += 1;
    if (calls > 1) boom();
  };
};

t.test('an error of one client closes that client with 1011, and the others do not notice', async (t) => {
  const core = await startCore(t);
  const before = core.admit();
  let failed = 0;
  for (const [title, breaks, expiresInMs] of [
    ['a write', { send: boom }],
    ['a heartbeat', { expectSign: boom }],
    ['the warning of an expiry', { tell: laterBoom() }, 20_000],
    ['the greeting', { tell: boom }],
    ['the start', { start: boom }],
  ] as const) {
    const faulty = core.admit(breaks, expiresInMs);
    await core.publish();
    await until(() => faulty.isGone());
    t.equal(faulty.closedWith(), CloseCode.INTERNAL_ERROR, title);
    failed += 1;
    await until(() => core.peers() === 1);
    t.equal(await core.closes('1011'), failed);
  }
  const after = core.admit();
  await core.publish();
  const isEvent = (frames: Buffer): boolean => frames.includes('"number":6');
  await until(() => [before, after].every(({ sent }) => sent.some(isEvent)));
  t.ok(core.lines.length >= 1);
});

t.test('a client that cannot even be closed is terminated', async (t) => {
  const core = await startCore(t);
  const faulty = core.admit({ send: boom, close: boom });
  await core.publish();
  await until(() => faulty.isGone());
  await until(() => core.peers() === 0);
  t.match(core.lines, [{ err: { message: 'boom' }, clientId: /.+/ }]);
});

t.test('an error that hits everybody is no flood of lines', async (t) => {
  const core = await startCore(t);
  for (let count = 0; count < 50; count += 1) core.admit({ send: boom });
  await core.publish();
  await until(() => core.peers() === 0);
  t.equal(core.lines.length, 1);
  t.equal(await core.closes('1011'), 50);
});

t.test('an authenticator that breaks ends the client that renews, and nobody else', async (t) => {
  const { url, publish } = await buildRelay(t, {
    authenticator: { authenticate: async (token) => (token === 'bad' ? boom() : EVERYTHING_ALLOWED) },
  });
  const other = await connectSocket(t, url);
  const client = await connectSocket(t, url);
  client.say({ action: 'authenticate', token: 'bad' });
  t.equal((await client.closed).code, CloseCode.INTERNAL_ERROR);
  await publish('A', 'updated');
  t.equal((await other.frames.next()).data.number, 1);
});

t.test('those who wait for their turn take the room that there is', async (t) => {
  const { relay, admit } = await startCore(t);
  admit();
  const turns = Array.from({ length: 99 }, () => relay.turn());
  t.equal(relay.refusal(), 'The relay is full');
  await Promise.all(turns);
  t.equal(relay.refusal(), undefined);
});
