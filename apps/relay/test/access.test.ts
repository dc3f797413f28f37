import { owns, signToken, type TokenContent } from '@dronecast/auth';
import { CloseCode, type Kind } from '@dronecast/events';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { connectSocket, refusedUpgrade, type SocketClient } from '../../../test/support/socket-client.js';
import { buildRelay } from './build-relay.js';

const SECRET = 'a secret that is long enough for tests';

const tokenFor = (drones: string, more: Partial<TokenContent> = {}): Promise<string> =>
  signToken(
    {
      ...{ sub: 'ops', scope: 'events:read', drones, expiresInSeconds: 60 },
      ...{ iss: undefined, aud: 'dronecast', ...more },
    },
    SECRET,
  );

const buildGuarded = (t: Test) =>
  buildRelay(t, {
    auth: { mode: 'secret', secret: SECRET, issuer: undefined, audience: 'dronecast' },
    maxPeersPerCaller: 5,
    framesPerSecond: 20,
  });

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const serialNumbers = async ({ frames }: SocketClient, count: number) =>
  (await frames.take(count)).map(({ serialNumber }) => serialNumber);

t.test('a browser gives the token as a subprotocol, and does not get it back', async (t) => {
  const { url } = await buildGuarded(t);
  const inProtocol = await connectSocket(t, url, {
    protocols: ['dronecast', `bearer.${await tokenFor('A')}`],
  });
  t.equal(inProtocol.socket.protocol, 'dronecast');
});

t.test('a client sees its own drones alone', async (t) => {
  const { url, publish, bus } = await buildGuarded(t);
  const some = await connectSocket(t, url, bearer(await tokenFor('A,B*')));
  const all = await connectSocket(t, url, bearer(await tokenFor('*')));
  const named = await connectSocket(t, `${url}?sn=A,X,Y*`, bearer(await tokenFor('A,B*')));
  t.match(await named.frames.next(), { event: 'relay.error', data: { code: 'forbidden', sn: ['X', 'Y*'] } });
  for (const serialNumber of ['X', 'A', 'AA', 'B1', 'Y']) await publish(serialNumber, 'updated');
  await publish('', 'system');
  t.same(await serialNumbers(some, 3), ['A', 'B1', '']);
  t.same(await serialNumbers(all, 6), ['X', 'A', 'AA', 'B1', 'Y', '']);
  t.same(await serialNumbers(named, 2), ['A', '']);

  some.say({ action: 'subscribe', sn: ['X'] });
  t.match(await some.frames.next(), { event: 'relay.error', data: { code: 'forbidden', sn: ['X'] } });
  some.say({ action: 'subscribe', sn: ['B*', 'Y'] });
  t.match(await some.frames.next(), { data: { code: 'forbidden', sn: ['Y'] } });
  t.match(await some.frames.next(), { event: 'relay.subscribed', data: { sn: ['B*'] } });
  some.say({ action: 'subscribe' });
  t.match((await some.frames.next()).data.sn.sort(), ['A', 'B*']);
  for (const serialNumber of ['X', 'B2', 'A']) await publish(serialNumber, 'updated');
  t.same(await serialNumbers(some, 2), ['B2', 'A']);

  const again = await connectSocket(t, `${url}?since=${all.greeting.cursor}`, bearer(await tokenFor('B*')));
  t.equal(again.greeting.resumed, true);
  t.same(await serialNumbers(again, 3), ['B1', '', 'B2'], 'replayed as it would have been live');
  t.ok(bus);
});

t.test('a token ends, or is renewed in place', async (t) => {
  const { url, publish } = await buildGuarded(t);
  const brief = await connectSocket(t, url, bearer(await tokenFor('A', { expiresInSeconds: 2 })));
  t.match(await brief.frames.next(), { event: 'relay.expiring', data: { expiresInMs: Number } });
  t.equal((await brief.closed).code, CloseCode.TOKEN_EXPIRED);

  const token = await tokenFor('A', { expiresInSeconds: 4 });
  const lasting = await connectSocket(t, url, bearer(token));
  const twin = await connectSocket(t, url, bearer(token));
  t.match(await lasting.frames.next(), { event: 'relay.expiring' });
  for (const [other, code] of [
    ['garbage', 'invalid_token'],
    [await tokenFor('*', { sub: 'somebody else' }), 'forbidden'],
    [await tokenFor('*', { scope: 'drones:read' }), 'forbidden'],
  ]) {
    lasting.say({ action: 'authenticate', token: other });
    t.match(await lasting.frames.next(), { event: 'relay.error', data: { code } });
  }
  await publish('B', 'updated');
  lasting.say({ action: 'authenticate', token: await tokenFor('B') });
  lasting.say({ action: 'ping' });
  t.match(await lasting.frames.next(), { event: 'relay.authenticated', data: { expiresInMs: Number } });
  t.match(await lasting.frames.next(), { event: 'relay.pong' });
  for (const serialNumber of ['A', 'B']) await publish(serialNumber, 'updated');
  t.same(await serialNumbers(lasting, 1), ['B'], 'and sees what the new one owns');
  t.equal((await twin.closed).code, CloseCode.TOKEN_EXPIRED);
  t.equal(lasting.socket.readyState, lasting.socket.OPEN, 'past the end of the first');
});

t.test('one caller cannot take it all', async (t) => {
  const { url } = await buildGuarded(t);
  const token = await tokenFor('*');
  const clients = await Promise.all(Array.from({ length: 5 }, () => connectSocket(t, url, bearer(token))));
  t.equal((await refusedUpgrade(url, bearer(token))).status, 429);
  await connectSocket(t, url, bearer(await tokenFor('*', { sub: 'another' })));
  const [first, second] = clients as [SocketClient, SocketClient];
  first.socket.terminate();
  await until(async () => {
    const client = await connectSocket(t, url, bearer(token)).catch(() => undefined);
    return client !== undefined;
  });
  for (let n = 0; n < 100; n += 1) second.say({ action: 'ping' });
  t.equal((await second.closed).code, CloseCode.ABUSE);
});

t.test('whatever is owned and asked for, nobody gets what is not theirs', async (t) => {
  const { url, publish } = await buildRelay(t, {
    auth: { mode: 'secret', secret: SECRET, issuer: undefined, audience: 'dronecast' },
    framesPerSecond: 1000,
  });
  const witness = await connectSocket(t, url, bearer(await tokenFor('*')));
  const serialNumber = fc.constantFrom('A', 'AB', 'ABC', 'B', 'BC', 'C1', 'C2');
  const name = fc.oneof(serialNumber, fc.constantFrom('A*', 'AB*', 'B*', 'C*', '*'));
  const names = fc.array(name, { minLength: 1, maxLength: 3 });
  const step = fc.oneof(
    fc.record({ action: fc.constant('publish'), serialNumber }),
    fc.record({ action: fc.constantFrom('subscribe', 'unsubscribe'), sn: fc.array(name, { maxLength: 3 }) }),
    fc.record({ action: fc.constant('authenticate'), owned: names }),
    fc.record({ action: fc.constant('reconnect'), owned: names, sn: fc.array(name, { maxLength: 3 }) }),
  );
  let connections = 0;
  await fc.assert(
    fc.asyncProperty(names, fc.array(step, { maxLength: 12 }), async (owned, steps) => {
      let drones = new Set(owned);
      let cursor = witness.greeting.cursor;
      connections += 1;
      const sub = `caller ${connections}`;
      const connect = (query: string) =>
        tokenFor([...drones].join(), { sub }).then((token) => connectSocket(t, url + query, bearer(token)));
      let client: SocketClient | undefined = await connect('');
      /** What came is of what was owned at the time: a round trip stands between each two changes. */
      async function check(): Promise<void> {
        if (!client) return;
        client.say({ action: 'ping' });
        for (;;) {
          const frame = await client.frames.next();
          if (frame.serialNumber && !owns({ drones }, frame.serialNumber))
            throw new Error(`${frame.serialNumber} is none of ${[...drones]}`);
          cursor = frame.id ?? cursor;
          if (frame.event === 'relay.pong') return;
        }
      }
      for (const next of steps) {
        if ('serialNumber' in next) await publish(next.serialNumber, 'updated' satisfies Kind);
        await check();
        if (!client || 'serialNumber' in next) continue;
        if (!('owned' in next)) client.say(next);
        else if (next.action === 'authenticate') {
          const token = await tokenFor(next.owned.join(), { sub });
          await check();
          drones = new Set([...drones, ...next.owned]);
          client.say({ action: 'authenticate', token });
          await check();
          drones = new Set(next.owned);
        } else {
          client.socket.terminate();
          drones = new Set(next.owned);
          const query = next.sn.length > 0 ? `sn=${next.sn.join()}&` : '';
          client = await connect(`?${query}since=${cursor}`).catch(() => undefined);
        }
        await check();
      }
      client?.socket.terminate();
    }),
    { numRuns: 150 },
  );
});

t.test('who connects or polls too often is told when to come back', async (t) => {
  const { port, url } = await buildRelay(t, { perMinute: 3 });
  await connectSocket(t, url);
  const poll = () => fetch(`http://127.0.0.1:${port}/poll/events?wait=0`);
  t.equal((await poll()).headers.get('ratelimit'), '"minute";r=1;t=60');
  t.equal((await poll()).status, 200);
  const refused = await poll();
  t.equal(refused.status, 429);
  t.match(refused.headers.get('retry-after'), /^(?:60|59)$/);
  t.match(await refusedUpgrade(url), { status: 429, body: /rate_limited/ });
  t.equal((await fetch(`http://127.0.0.1:${port}/health/live`)).status, 200);
});
