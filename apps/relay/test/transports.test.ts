import { owns, signToken, type TokenContent } from '@dronecast/auth';
import { createMemoryBus, type EventBus, type LiveListener } from '@dronecast/bus';
import { CloseCode } from '@dronecast/events';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { buildRelay, createBus, type TestRelay } from './build-relay.js';
import { type Driver, type Follower, refusal } from './transports/driver.js';
import { eventStream } from './transports/event-stream.js';
import { longPoll } from './transports/long-poll.js';
import { webSocket } from './transports/web-socket.js';

const SECRET = 'a secret that is long enough for tests';
const ORIGIN = 'https://ops.example.com';
const AUTH = { mode: 'secret', secret: SECRET, issuer: undefined, audience: 'dronecast' } as const;

const tokenFor = (drones: string, more: Partial<TokenContent> = {}, secret = SECRET): Promise<string> =>
  signToken(
    {
      ...{ sub: 'ops', scope: 'events:read', drones, expiresInSeconds: 60 },
      ...{ iss: undefined, aud: 'dronecast', ...more },
    },
    secret,
  );

/** What a connection ends with when the relay wants it to end. */
const ENDS = {
  ws: { drained: CloseCode.RESTARTING, expired: CloseCode.TOKEN_EXPIRED, slow: CloseCode.SLOW_CONSUMER },
  sse: { drained: 'end', expired: 'end', slow: 'end' },
  poll: { drained: 503, expired: 401, slow: 'never' },
} as const;

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const numbers = async ({ frames }: Follower, count: number): Promise<number[]> =>
  (await frames.take(count)).map(({ data }) => data.number);
const peersOf = async ({ app }: TestRelay): Promise<number> =>
  JSON.parse((await app.inject('/health/ready')).body).peers;

/** Who polls is away for a moment between an answer and the next request. */
const isThere = (relay: TestRelay): Promise<void> => until(async () => (await peersOf(relay)) === 1);

/** A bus on which others publish too. */
function createOpenBus(): { bus: EventBus; say(channel: string, text: string): void } {
  const bus = createMemoryBus({ maxEvents: 1000, maxAgeHours: 1 });
  let listener: LiveListener | undefined;
  return {
    bus: {
      ...bus,
      subscribe(own) {
        listener = own;
        return bus.subscribe(own);
      },
    },
    say: (channel, text) => listener?.message(channel, Buffer.from(text)),
  };
}

type Scenario = (t: Test, driver: Driver) => Promise<void>;

const SCENARIOS: Record<string, Scenario> = {
  async 'each client gets what it asks for, once, in order'(t, { follow }) {
    const relay = await buildRelay(t);
    const { port, publish } = relay;
    const ask = (query: Record<string, string>) => follow(t, { port, query });
    const all = await ask({});
    const one = await ask({ sn: 'A1' });
    const several = await ask({ sn: 'A1,B1,C*' });
    const kinds = await ask({ sn: 'A1', events: 'stream,ai,system' });
    for (const [serialNumber, kind] of [
      ['A1', 'updated'],
      ['A1', 'stream'],
      ['A10', 'updated'],
      ['B1', 'config'],
      ['C2', 'incident'],
      ['c2', 'created'],
      ['', 'system'],
    ] as const)
      await publish(serialNumber, kind);
    t.same(await numbers(all, 7), range(1, 7));
    t.same(await numbers(one, 3), [1, 2, 7]);
    t.same(await numbers(several, 5), [1, 2, 4, 5, 7]);
    t.same(await numbers(kinds, 2), [2, 7]);
    for (let number = 8; number <= 2000; number += 1) {
      await publish(`A${number % 3}`, 'updated');
      if (number % 40 === 0) await new Promise(setImmediate);
    }
    t.same(await numbers(all, 1993), range(8, 2000));
    const own = range(8, 2000).filter((number) => number % 3 === 1);
    t.same(await numbers(one, own.length), own);
  },

  async 'a client goes on where it was, while events go on'(t, { follow }) {
    const { port, publish } = await buildRelay(t);
    const first = await follow(t, { port, query: { sn: 'A' } });
    await publish('A', 'updated');
    t.same(await numbers(first, 1), [1]);
    first.leave();
    const since = first.cursor();
    for (let number = 2; number <= 1500; number += 1) await publish(number % 2 ? 'A' : 'B', 'updated');
    const following = follow(t, { port, query: { sn: 'A' }, since });
    for (let number = 1501; number <= 3000; number += 1) {
      await publish(number % 2 ? 'A' : 'B', 'updated');
      if (number % 40 === 0) await new Promise(setImmediate);
    }
    const again = await following;
    const expected = range(2, 3000).filter((number) => number % 2);
    t.same(await numbers(again, expected.length), expected);
  },

  async 'another relay goes on where the first one was'(t, { follow }) {
    const bus = createBus();
    const before = await buildRelay(t, {}, bus);
    const first = await follow(t, { port: before.port });
    for (let number = 1; number <= 700; number += 1) await before.publish('A', 'updated');
    const since = first.cursor();
    first.leave();
    const after = await buildRelay(t, {}, { ...bus, close: async () => {} });
    const again = await follow(t, { port: after.port, since });
    const from = (await again.frames.next()).data.number;
    t.same(await numbers(again, 700 - from), range(from + 1, 700), 'from the archive');
  },

  async 'what cannot be replayed is announced'(t, { follow }) {
    const bus = createBus(100);
    const before = await buildRelay(t, {}, bus);
    const start = (await follow(t, { port: before.port })).cursor();
    for (let number = 1; number <= 300; number += 1) await before.publish('A', 'updated');
    const fresh = await buildRelay(t, {}, { ...bus, close: async () => {} });
    const [epoch] = start.split('.');
    for (const [since, reason] of [
      [start, 'history trimmed'],
      ['abc.1-0', 'history lost'],
      [`${epoch}.9999999999999-0`, 'history lost'],
      ['nonsense', 'unknown cursor'],
    ] as const) {
      const client = await follow(t, { port: fresh.port, since });
      const gap = await client.frames.next();
      t.match(gap, { event: 'relay.gap', data: { reason } });
      const number = await before.publish('A', 'updated');
      t.same(await numbers(client, 1), [number], 'then it is live');
      client.leave();
      const again = await follow(t, { port: fresh.port, since: gap.data.cursor });
      t.same(await numbers(again, 1), [number], 'from the cursor of the gap');
      again.leave();
    }
  },

  async 'a gap in the middle is announced, and nobody goes on before it'(t, { follow }) {
    const bus = createBus();
    const relay = await buildRelay(t, {}, bus);
    const { port, publish } = relay;
    const client = await follow(t, { port, query: { sn: 'A' } });
    await publish('A', 'updated');
    t.same(await numbers(client, 1), [1]);
    await isThere(relay);
    const [epoch = ''] = client.cursor().split('.');
    await bus.renew(epoch);
    await publish('A', 'updated');
    t.match(await client.frames.next(), { event: 'relay.gap', data: { reason: 'history lost' } });
    t.same(await numbers(client, 1), [2]);
    t.notMatch(client.cursor(), epoch);
  },

  async 'what others publish comes as it is, without an id'(t, { follow }) {
    const { bus, say } = createOpenBus();
    const relay = await buildRelay(t, {}, bus);
    const { port, publish } = relay;
    const client = await follow(t, { port, query: { sn: 'A' } });
    await isThere(relay);
    say('drone:B:weather', '{"no":0}');
    say('drone:A:weather', '{\r\n "a": "x",\n\n "b": [1,\r2]\n}');
    await publish('A', 'updated');
    const foreign = await client.frames.next();
    t.match(foreign, { foreign: true, channel: 'drone:A:weather', data: { a: 'x', b: [1, 2] } });
    t.notOk(foreign.id);
    t.same(await numbers(client, 1), [1]);
  },

  async 'a client that does not read harms nobody, and comes back for the rest'(t, driver) {
    const relay = await buildRelay(t, { peerBufferBytes: 65_536 });
    const { port, publish } = relay;
    const other = await webSocket.follow(t, { port });
    const slow = await driver.follow(t, { port });
    slow.pause();
    let sent = 0;
    // 50 MB: more than the kernel takes for a client that reads nothing, and less than the history keeps.
    const large = 'x'.repeat(5000);
    while (sent < 10_000) {
      for (let burst = 0; burst < 100; burst += 1) sent = await publish('A', 'updated', large);
      t.equal((await numbers(other, 100)).at(-1), sent);
    }
    if (ENDS[driver.name].slow !== 'never') await until(async () => (await peersOf(relay)) === 1);
    slow.resume();
    const end = ENDS[driver.name].slow;
    if (end === 'never') {
      t.same(await numbers(slow, sent), range(1, sent));
      return;
    }
    t.ok([end, 1006].includes(await slow.ended));
    const had = await numbers(slow, slow.frames.length);
    t.same(had, range(1, had.length));
    const again = await driver.follow(t, { port, since: slow.cursor() });
    t.same(await numbers(again, sent - had.length), range(had.length + 1, sent));
  },

  async 'an event larger than what may wait for a client reaches it, live and replayed'(t, { follow }) {
    const relay = await buildRelay(t, { peerBufferBytes: 65_536 });
    const { port, publish } = relay;
    const client = await follow(t, { port });
    const start = client.cursor();
    const large = 'x'.repeat(230_000);
    await isThere(relay);
    await publish('A', 'updated');
    await publish('A', 'updated', large);
    await publish('A', 'updated');
    t.same(await numbers(client, 3), [1, 2, 3]);
    client.leave();
    const again = await follow(t, { port, since: start });
    t.same(await numbers(again, 3), [1, 2, 3], 'replayed');
    await publish('A', 'updated', large);
    t.same(await numbers(again, 1), [4], 'and live again');
  },

  async 'a stopping relay says so, ends everything and takes nobody'(t, driver) {
    const { port, app, publish } = await buildRelay(t);
    const clients = await Promise.all(range(1, 20).map(() => driver.follow(t, { port })));
    await publish('A', 'updated');
    for (const client of clients) t.same(await numbers(client, 1), [1]);
    const holder = await webSocket.follow(t, { port });
    holder.pause();
    const closed = app.close();
    for (const client of clients) {
      t.match(await client.frames.next(), { event: 'relay.draining', data: { retryAfterMs: Number } });
      t.equal(await client.ended, ENDS[driver.name].drained);
    }
    const { status, headers } = await refusal(driver, t, { port });
    t.match({ status, headers }, { status: 503, headers: { 'retry-after': '2' } });
    await closed;
  },

  async 'who may not connect is told so before anything else'(t, driver) {
    const { port } = await buildRelay(t, { auth: AUTH, corsOrigins: [ORIGIN] });
    const none = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"ops","scope":"events:read","drones":"*"}')}.`;
    for (const [name, token, status, code] of [
      ['no token', undefined, 401, 'missing_token'],
      ['garbage', 'garbage', 401, 'invalid_token'],
      ['alg none', none.replaceAll('=', ''), 401, 'invalid_token'],
      ['expired', await tokenFor('*', { expiresInSeconds: -60 }), 401, 'expired_token'],
      [
        'wrong key',
        await tokenFor('*', {}, 'another secret, which nobody here accepts'),
        401,
        'invalid_token',
      ],
      ['wrong audience', await tokenFor('*', { aud: 'others' }), 401, 'invalid_token'],
      ['no scope', await tokenFor('*', { scope: 'drones:read' }), 403, 'insufficient_scope'],
      ['who owns nothing', await tokenFor(''), 403, 'forbidden'],
    ] as const) {
      const refused = await refusal(driver, t, { port, token });
      t.match(refused, { status, body: { code } }, name);
      t.notMatch(JSON.stringify(refused.body), token ?? 'no token at all');
    }
    const token = await tokenFor('A,B*');
    const elsewhere = await refusal(driver, t, { port, token, query: { sn: 'X,Y*' } });
    t.match(elsewhere, { status: 403, body: { code: 'forbidden' } });
    const evil = await refusal(driver, t, { port, token, headers: { origin: 'https://evil.example' } });
    t.match(evil, { status: 403, body: { code: 'origin_not_allowed' } });
    await driver.follow(t, { port, token, headers: { origin: ORIGIN } });
    await driver.follow(t, { port, token, headers: { origin: `http://127.0.0.1:${port}` } });
    await driver.follow(t, { port, query: { access_token: token } });
  },

  async 'a client sees its own drones alone, live and replayed'(t, { follow }) {
    const { port, publish } = await buildRelay(t, { auth: AUTH });
    const token = await tokenFor('A,B*');
    const some = await follow(t, { port, token });
    const named = await follow(t, { port, token, query: { sn: 'A,X,Y*' } });
    const start = some.cursor();
    t.match(await named.frames.next(), {
      event: 'relay.error',
      data: { code: 'forbidden', sn: ['X', 'Y*'] },
    });
    for (const serialNumber of ['X', 'A', 'AA', 'B1', 'Y']) await publish(serialNumber, 'updated');
    await publish('', 'system');
    t.same(await numbers(some, 3), [2, 4, 6]);
    t.same((await named.frames.find(({ data }) => data.number === 6)).data.number, 6);
    const again = await follow(t, { port, token: await tokenFor('Y,B*'), since: start });
    t.same(await numbers(again, 3), [4, 5, 6]);
  },

  async 'whatever is owned and asked for, a client gets that, once, and nothing else'(t, { follow }) {
    const { port, publish } = await buildRelay(t, { auth: AUTH, maxPeers: 1000 });
    const serialNumber = fc.constantFrom('A', 'AB', 'ABC', 'B', 'BC', 'C1', 'A:B', 'A B', 'A+B', 'B/C#1');
    const name = fc.oneof(serialNumber, fc.constantFrom('A*', 'AB*', 'B*', 'C*', 'A:*', 'A *', 'B/*', '*'));
    const visit = fc.record({
      owned: fc.array(name, { minLength: 1, maxLength: 3 }),
      sn: fc.array(name, { maxLength: 3 }),
      missed: fc.array(serialNumber, { maxLength: 5 }),
      live: fc.array(serialNumber, { maxLength: 5 }),
    });
    const fleet = await tokenFor('*');
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { minLength: 1, maxLength: 4 }), async (visits) => {
        const start = await follow(t, { port, token: fleet });
        let since = start.cursor();
        start.leave();
        let pending: [number, string][] = [];
        const emit = async (serialNumbers: string[]): Promise<void> => {
          for (const each of serialNumbers) pending.push([await publish(each, 'updated'), each]);
        };
        for (const { owned, sn, missed, live } of visits) {
          await emit(missed);
          const token = await tokenFor(owned.join());
          const query: Record<string, string> = sn.length > 0 ? { sn: sn.join() } : {};
          const client = await follow(t, { port, token, query, since }).catch(() => undefined);
          if (!client) continue;
          await emit(live);
          const marker = await publish('', 'system');
          const got: number[] = [];
          for (let frame = await client.frames.next(); ; frame = await client.frames.next()) {
            if (frame.data.number === marker) break;
            if (frame.type !== 'relay') got.push(frame.data.number);
          }
          const due = pending.filter(
            ([, each]) =>
              owns({ drones: new Set(owned) }, each) &&
              (sn.length === 0 || owns({ drones: new Set(sn) }, each)),
          );
          t.strictSame(
            got,
            due.map(([number]) => number),
            `${owned} asks for ${sn}`,
          );
          since = client.cursor();
          pending = [];
          client.leave();
        }
      }),
      { numRuns: 40 },
    );
  },

  async 'a token ends, and what was opened with it'(t, driver) {
    const relay = await buildRelay(t, { auth: AUTH });
    const brief = await driver.follow(t, {
      port: relay.port,
      token: await tokenFor('A', { expiresInSeconds: 2 }),
    });
    if (driver.name !== 'poll')
      t.match(await brief.frames.next(), { event: 'relay.expiring', data: { expiresInMs: Number } });
    t.equal(await brief.ended, ENDS[driver.name].expired);
    await until(async () => (await peersOf(relay)) === 0);
  },

  async 'a wrong query is refused'(t, driver) {
    const { port } = await buildRelay(t);
    for (const [query, pointer] of [
      [{ sn: 'a:' }, '/sn'],
      [{ sn: 'all' }, '/sn'],
      [{ sn: range(1, 101).join() }, '/sn'],
      [{ events: 'battery' }, '/events'],
      [{ colour: 'red' }, '/colour'],
    ] as const) {
      const refused = await refusal(driver, t, { port, query: query as unknown as Record<string, string> });
      t.match(refused, { status: 400, body: { errors: [{ pointer }] } }, JSON.stringify(query));
    }
    const long = await refusal(driver, t, { port, since: 'x'.repeat(65) });
    t.equal(long.status, 400);
  },

  async 'a client too many is asked to come later'(t, driver) {
    const relay = await buildRelay(t, { auth: AUTH, maxPeers: 2, maxPeersPerCaller: 1 });
    const { port } = relay;
    const token = await tokenFor('*');
    const first = await webSocket.follow(t, { port, token });
    const quota = await refusal(driver, t, { port, token });
    t.match(quota, { status: 429, headers: { 'retry-after': /^\d+$/ } });
    await webSocket.follow(t, { port, token: await tokenFor('*', { sub: 'another' }) });
    const full = await refusal(driver, t, { port, token: await tokenFor('*', { sub: 'a third' }) });
    t.match(full, { status: 503, headers: { 'retry-after': /^\d+$/ } });
    first.leave();
    await until(async () => (await peersOf(relay)) === 1);
    await driver.follow(t, { port, token });
  },

  async 'who leaves is forgotten'(t, { follow }) {
    const relay = await buildRelay(t);
    const clients = await Promise.all(range(1, 10).map(() => follow(t, { port: relay.port })));
    for (const client of clients) client.leave();
    await until(async () => (await peersOf(relay)) === 0);
  },

  async 'a cursor stays fresh when nothing matches'(t, { follow }) {
    const { port, publish } = await buildRelay(t, { heartbeatMs: 100 });
    const client = await follow(t, { port, query: { sn: 'A' } });
    const before = client.cursor();
    await publish('B', 'updated');
    await until(() => client.cursor() !== before);
    t.equal(client.frames.length, 0);
  },
};

for (const driver of [webSocket, eventStream, longPoll]) {
  t.test(driver.name, async (t) => {
    for (const [name, scenario] of Object.entries(SCENARIOS)) {
      await t.test(name, (t) => scenario(t, driver));
    }
  });
}
