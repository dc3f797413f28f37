import t, { type Test } from 'tap';
import type { TransportName } from '../src/transport.js';
import { block, startFakeHttpRelay } from './support/fake-http-relay.js';
import { numbered, startFakeRelay } from './support/fake-relay.js';
import { connectQuickly, follow } from './support/follow.js';

/** Texts that are no frame, and what the client says of each. */
const UNREADABLE = ['{"type":', 'null', '42', '"text"', '[]', ''];

interface Connection {
  readonly since: string | undefined;
  /** Greets, then says these texts. */
  say(texts: readonly string[]): void;
}

const connected = (resumed: boolean): object => ({
  type: 'relay',
  event: 'relay.connected',
  data: { clientId: 'x', cursor: 'e.1-0', resumed, heartbeatMs: 60_000 },
});

/** The same relay by each transport: its next connection, and what it says there. */
async function startRelay(t: Test, transport: TransportName) {
  if (transport === 'ws') {
    const relay = await startFakeRelay(t);
    const next = async (): Promise<Connection> => {
      const { socket, query } = await relay.visits.next();
      const since = query.get('since') ?? undefined;
      const greeting = [JSON.stringify(connected(since !== undefined))];
      return {
        since,
        say: (texts) => {
          for (const text of [...greeting.splice(0), ...texts]) socket.send(text);
        },
      };
    };
    return { url: relay.url, next };
  }
  const relay = await startFakeHttpRelay(t);
  const next = async (): Promise<Connection> => {
    const visit = await relay.visits.next();
    const since =
      (visit.headers['last-event-id'] as string | undefined) ?? visit.query.get('since') ?? undefined;
    const greeting = [block(connected(since !== undefined), since === undefined ? 'e.1-0' : undefined)];
    return {
      since,
      say(texts) {
        if (transport === 'poll') {
          const [, cursor = since ?? 'e.1-0'] = /"id":"([^"]+)"/.exec(texts.at(-1) ?? '') ?? [];
          return visit.answer(`{"events":[${texts.join()}],"cursor":"${cursor}"}`);
        }
        if (greeting.length > 0) visit.stream();
        // In one write, so that what comes behind an unreadable frame is there with it.
        visit.response.write([...greeting.splice(0), ...texts.map((text) => block(text))].join(''));
      },
    };
  };
  return { url: relay.url, next };
}

const text = (number: number): string => JSON.stringify(numbered(number));

for (const transport of ['ws', 'sse', 'poll'] as const) {
  t.test(`${transport}: what is no frame is reported, and comes again by the cursor`, async (t) => {
    for (const bad of UNREADABLE) {
      const relay = await startRelay(t, transport);
      const { numbers, states, client } = follow(t, { url: relay.url, transport });
      // A poll is one JSON text: what is no frame of its own is none of the whole.
      if (transport === 'poll') {
        (await relay.next()).say([]);
        (await relay.next()).say([text(2)]);
        t.same(await numbers(1), [2]);
      }
      const first = await relay.next();
      first.say(transport === 'poll' ? [bad === '' ? '{' : bad, text(3)] : [text(2), bad, text(3)]);
      if (transport !== 'poll') t.same(await numbers(1), [2], bad);
      const offline = await states.find(({ state }) => state === 'offline');
      t.match(
        offline,
        { reason: 'unreadable', error: { name: 'ConnectionError' } },
        `${bad} is said to be none`,
      );
      const second = await relay.next();
      t.equal(second.since, 'e.2-0', 'not from behind what could not be read');
      second.say([text(3)]);
      t.same(await numbers(1), [3]);
      await client.close();
    }
  });

  t.test(`${transport}: what can never be read becomes a gap instead of the end`, async (t) => {
    const relay = await startRelay(t, transport);
    const { items, numbers } = follow(t, {
      url: relay.url,
      transport,
      cursor: { load: () => 'e.5-0', save() {} },
    });
    for (const _ of [1, 2, 3]) {
      const visit = await relay.next();
      t.equal(visit.since, 'e.5-0');
      visit.say(['{"id":"e.6-0",']);
    }
    const fresh = await relay.next();
    t.equal(fresh.since, undefined, 'in the present');
    fresh.say([]);
    t.match(await items.next(), { event: 'relay.gap', data: { cursor: 'e.1-0', reason: /cannot be read/ } });
    if (transport === 'poll') (await relay.next()).say([text(2)]);
    else fresh.say([text(2)]);
    t.same(await numbers(1), [2]);
  });

  t.test(`${transport}: frames that are not known are ignored`, async (t) => {
    const relay = await startRelay(t, transport);
    const { items, warnings, states, numbers } = follow(t, { url: relay.url, transport });
    if (transport === 'poll') (await relay.next()).say([]);
    const unknown = [
      '{}',
      '{"type":"relay","event":"relay.new","data":{"a":1}}',
      '{"type":"relay","event":"relay.new"}',
      '{"type":"relay"}',
      '{"type":"drone:event","event":"drone.updated","channel":"drone:A:updated","serialNumber":"A","data":{}}',
      '{"type":"something","data":{"cursor":7}}',
    ];
    (await relay.next()).say([...unknown, text(2)]);
    t.same(await numbers(1), [2]);
    t.same([items.length, warnings.length], [0, 0]);
    t.same(
      (await states.take(states.length)).map(({ state }) => state),
      ['connecting', 'live'],
    );
  });
}

t.test('an answer that is no poll and no event stream is not a relay', async (t) => {
  for (const transport of ['sse', 'poll'] as const) {
    const relay = await startFakeHttpRelay(t);
    const { reached } = follow(t, { url: relay.url, transport, cursor: { load: () => 'e.5-0', save() {} } });
    for (const _ of [1, 2, 3, 4]) {
      const visit = await relay.visits.next();
      t.equal(visit.headers['last-event-id'] ?? visit.query.get('since'), 'e.5-0', 'it keeps its place');
      visit.answer('<html>Sign in to the WiFi</html>', 'text/html');
      t.match(await reached('offline'), { reason: 'unreachable', error: { message: /^what answers there/ } });
    }
  }
});

t.test('Retry-After of a year, or of no time at all, does not stop a client for good', async (t) => {
  const relay = await startFakeHttpRelay(t);
  for (const seconds of ['31536000', 'Infinity', '1e400', '-1', 'Wed, 21 Oct 2065 07:28:00 GMT']) {
    const { client, reached } = follow(t, { url: relay.url, transport: 'poll' });
    const { response } = await relay.visits.next();
    response.writeHead(503, { 'retry-after': seconds });
    response.end();
    const status = await reached('offline');
    t.ok(status.state === 'offline' && status.retryInMs <= 3_600_050, seconds);
    // A client that came again meanwhile.
    await client.close();
    while (relay.visits.length > 0) await relay.visits.next();
  }
});

t.test('a listener that throws, or rejects, is a warning and stops nobody', async (t) => {
  const relay = await startFakeRelay(t);
  const { client, numbers, warnings, states } = follow(t, { url: relay.url });
  client.on('event', () => {
    throw new Error('thrown');
  });
  client.on('drone.updated', async () => {
    throw new Error('rejected');
  });
  client.on('status', () => {
    throw new Error('of the status');
  });
  const visit = await relay.visits.next();
  visit.greet();
  for (const number of [2, 3]) visit.say(numbered(number));
  t.same(await numbers(2), [2, 3]);
  const seen = (await warnings.take(6)).map(({ message }) => message).sort();
  t.same(seen, ['of the status', 'of the status', 'rejected', 'rejected', 'thrown', 'thrown']);
  t.same(
    (await states.take(2)).map(({ state }) => state),
    ['connecting', 'live'],
  );
  t.equal(relay.visits.length, 0, 'the connection stays');
});

t.test('what nobody listens for is printed', async (t) => {
  const printed = t.capture(console, 'error', () => {});
  const relay = await startFakeRelay(t);
  const client = connectQuickly({ url: relay.url });
  t.teardown(() => client.close());
  client.on('event', () => {
    throw new Error('thrown');
  });
  const visit = await relay.visits.next();
  visit.greet();
  const seen = new Promise((resolve) => client.on('drone.updated', resolve));
  visit.say(numbered(2));
  await seen;
  t.match(printed()[0]?.args, ['dronecast:', { message: 'thrown' }]);

  client.on('warning', () => {
    throw new Error('of the warning');
  });
  const again = new Promise((resolve) => client.on('drone.updated', resolve));
  visit.say(numbered(3));
  await again;
  t.match(printed()[0]?.args, ['dronecast:', { message: 'of the warning' }]);
});

t.test('a client that is refused says so where nobody asked', async (t) => {
  const printed = t.capture(console, 'error', () => {});
  const relay = await startFakeRelay(t);
  relay.refuse = () => 403;
  const { closed } = connectQuickly({ url: relay.url });
  await closed;
  t.match(printed()[0]?.args, ['dronecast:', { name: 'RefusedError', code: 403 }]);
});

t.test('who comes when it is over is told so', async (t) => {
  const relay = await startFakeRelay(t);
  relay.refuse = () => 403;
  const { client } = follow(t, { url: relay.url });
  await client.closed;
  await t.rejects(client[Symbol.asyncIterator]().next(), { name: 'RefusedError', code: 403 });
  await t.rejects(client.watch('A').ready, { name: 'RefusedError', code: 403 });

  const left = connectQuickly({ url: relay.url });
  const early = left.watch('A');
  const pending = left[Symbol.asyncIterator]();
  const next = pending.next();
  await pending.return?.();
  t.same(await next, { done: true, value: undefined }, 'a read under way ends with its iteration');
  await left.close();
  await t.rejects(early.ready);
});
