import { createMemoryBus, type EventBus, type LiveListener } from '@dronecast/bus';
import { framePrefix, type Route, type StreamId } from '@dronecast/events';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { createFeed } from '../src/feed/feed.js';

const log = { info() {}, warn() {} };

/** A bus whose live link can be cut, and whose history can be swapped, as a failing Redis does it. */
function createFlakyBus(maxEvents = 10_000) {
  let bus = createMemoryBus({ maxEvents, maxAgeHours: 1 });
  let listener: LiveListener | undefined;
  let isCut = false;
  const onRead = { before: async () => {} };

  function follow(): void {
    const followed = bus;
    followed.subscribe({
      connected() {},
      disconnected() {},
      message: (channel, payload) => {
        if (!isCut && bus === followed) listener?.message(channel, payload);
      },
    });
  }
  follow();

  let number = 0;
  return {
    onRead,
    port: {
      async read(after: StreamId, limit: number) {
        await onRead.before();
        return bus.read(after, limit);
      },
      renew: (epoch: string) => bus.renew(epoch),
      subscribe(given: LiveListener) {
        listener = given;
        queueMicrotask(() => given.connected());
        return { unsubscribe: async () => {} };
      },
    } satisfies Pick<EventBus, 'read' | 'renew' | 'subscribe'>,
    async publish(count = 1, bytes = 0, channel = 'drone:A:updated'): Promise<void> {
      for (let n = 0; n < count; n += 1) {
        number += 1;
        const body = JSON.stringify({ number, padding: 'x'.repeat(bytes) });
        const event = { channel, body };
        await bus.publish([{ key: `k${number}`, entries: [{ seq: 1, events: [event] }] }]);
      }
    },
    say: (channel: string, text: string) => listener?.message(channel, Buffer.from(text)),
    sayBytes: (channel: string, payload: Buffer) => listener?.message(channel, payload),
    cut() {
      isCut = true;
      listener?.disconnected();
    },
    mend() {
      isCut = false;
      listener?.connected();
    },
    loseEverything() {
      bus = createMemoryBus({ maxEvents, maxAgeHours: 1 });
      follow();
    },
    epoch: async () => (await bus.read({ ms: 0, n: 0 }, 0)).epoch,
  };
}

function startFeed(bus: ReturnType<typeof createFlakyBus>['port']) {
  const seen: unknown[] = [];
  const gaps: string[] = [];
  const routes: Route[] = [];
  const feed = createFeed({
    bus,
    log,
    deliver(route: Route, text: Buffer, id?: StreamId) {
      routes.push(route);
      const frame = JSON.parse(text.toString());
      seen.push(id ? frame.number : frame.data);
    },
    restart: (_place, reason) => void (reason && gaps.push(reason)),
  });
  return { feed, seen, gaps, routes };
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

t.test('what was missed is read before the feed goes on, without repeats', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  await flaky.publish(3);
  for (const missed of [1, 10, 1700]) {
    flaky.cut();
    t.equal(feed.isLive(), false);
    await flaky.publish(missed);
    // While each page is read, more comes in: it is in the history and in the live feed.
    let during = 3;
    flaky.onRead.before = async () => {
      if (during-- > 0) await flaky.publish(5);
    };
    flaky.mend();
    await until(feed.isLive);
  }
  await flaky.publish(2);
  t.same(seen, range(1, seen.length));
  t.ok(seen.length > 1716);
  t.same(gaps, []);
});

t.test('events that earlier versions published of older data', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps, routes } = startFeed(flaky.port);
  await until(feed.isLive);
  await flaky.publish(1, 0, 'drone:all:updated');
  await flaky.publish(1, 0, 'drone:AC:CC:8E:updated');
  flaky.cut();
  await flaky.publish(1, 0, 'drone:all:updated');
  await flaky.publish(1);
  flaky.mend();
  await until(feed.isLive);
  flaky.say('drone:all:updated', '{"from":"another publisher"}');
  flaky.say('drone:AC:CC:8E:updated', '{"from":"another publisher"}');
  t.same(seen, [2, 4, { from: 'another publisher' }]);
  t.same(routes.slice(0, 1), [{ scope: 'drone', serialNumber: 'AC:CC:8E', kind: 'updated' }]);
  t.same(gaps, []);
});

t.test('a page may end early: reading goes on until the newest', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  flaky.cut();
  await flaky.publish(3);
  await flaky.publish(30, 100_000);
  await flaky.publish(3);
  let pages = 0;
  flaky.onRead.before = async () => {
    pages += 1;
  };
  flaky.mend();
  await until(feed.isLive);
  t.same(seen, range(1, 36));
  t.same(gaps, []);
  t.ok(pages >= 10, `${pages} pages`);
});

t.test('a page without events is the end, whatever the newest position is', async () => {
  const flaky = createFlakyBus();
  const newest = { ms: Date.now() + 1000, n: 0 };
  const { feed, seen } = startFeed({
    ...flaky.port,
    async read(after, limit) {
      const page = await flaky.port.read(after, limit);
      return limit === 0 ? page : { ...page, events: [], newest };
    },
  });
  await until(feed.isLive);
  await flaky.publish(1);
  flaky.cut();
  await flaky.publish(1);
  flaky.mend();
  await until(feed.isLive);
  await flaky.publish(1);
  t.equal(seen.at(-1), 3, 'live again');
});

t.test('messages that are held are copies of what came from the socket', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen } = startFeed(flaky.port);
  await until(feed.isLive);
  flaky.cut();
  const fromSocket = Buffer.from('{"a":1}{"b":2}');
  flaky.onRead.before = async () => {
    flaky.onRead.before = async () => {};
    flaky.sayBytes('drone:A:custom', fromSocket.subarray(0, 7));
    flaky.sayBytes('drone:A:custom', fromSocket.subarray(7));
    fromSocket.fill(' ');
  };
  flaky.mend();
  await until(feed.isLive);
  t.same(seen, [{ a: 1 }, { b: 2 }]);
});

t.test(
  'many small messages that are held are bounded, too, and our own are read from the history',
  async (t) => {
    const flaky = createFlakyBus(300_000);
    const { feed, seen, gaps } = startFeed(flaky.port);
    await until(feed.isLive);
    flaky.cut();
    let foreign = 0;
    flaky.onRead.before = async () => {
      if (foreign > 0) return;
      for (; foreign < 60_000; foreign += 1) flaky.say('drone:A:custom', '{}');
      await flaky.publish(3);
    };
    flaky.mend();
    await until(feed.isLive);
    t.same(
      seen.filter((number) => typeof number === 'number'),
      [1, 2, 3],
    );
    t.ok(seen.length < foreign, `${seen.length} of ${foreign} kept`);
    t.same(gaps, []);
  },
);

t.test('a link that breaks again while the feed catches up', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  flaky.cut();
  await flaky.publish(1200);
  let reads = 0;
  flaky.onRead.before = async () => {
    reads += 1;
    if (reads === 2) {
      flaky.cut();
      await flaky.publish(3);
      flaky.mend();
    }
    if (reads === 4) throw new Error('away');
  };
  flaky.mend();
  await until(feed.isLive);
  t.same(seen, range(1, 1203));
  t.same(gaps, []);
});

t.test('a lost history is a gap, and its new life is followed', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  await flaky.publish(3);
  flaky.cut();
  flaky.loseEverything();
  await flaky.publish(2);
  flaky.mend();
  await until(feed.isLive);
  t.same(seen, range(1, 5));
  t.same(gaps, ['history lost']);

  flaky.loseEverything();
  await flaky.publish(2);
  await until(() => seen.length === 7);
  t.same(seen, range(1, 7), 'also under a living connection');
  t.same(gaps, ['history lost', 'history lost']);
});

t.test('a history that was trimmed beyond the place is a gap', async (t) => {
  const flaky = createFlakyBus(100);
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  await flaky.publish(3);
  flaky.cut();
  await flaky.publish(200);
  flaky.mend();
  await until(feed.isLive);
  await flaky.publish(1);
  t.same(gaps, ['history trimmed']);
  t.equal(seen.at(-1), 204);
  t.same(seen.slice(3), range(204 - (seen.length - 4), 204), 'what is left comes in order');
});

t.test('what others say cannot pass for ours', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  const own = framePrefix(await flaky.epoch());
  await flaky.publish(1);
  flaky.say('drone:A:updated', '{"id":"abc.1-0","fake":true}');
  await until(() => seen.length === 2);
  flaky.say('drone:A:updated', `${own}1-0","old":true}`);
  flaky.say('drone:A:updated', `${own}x","odd":true}`);
  flaky.say('drone:a b:updated', '{}');
  flaky.say('elsewhere', '{}');
  for (const text of ['', 'x', '[]', '"x"', 'null', `{"x":"${'y'.repeat(256 * 1024)}"}`])
    flaky.say('system:x', text);
  await flaky.publish(1);
  t.same(seen, [1, { id: 'abc.1-0', fake: true }, { id: `${own.slice(7)}x`, odd: true }, 2]);
  t.same(gaps, []);
});

/** A frame that nobody published through the bus, with an id so many milliseconds ahead. */
const forged = (epoch: string, aheadMs: number): string =>
  `${framePrefix(epoch)}${Date.now() + aheadMs}-0","number":-1}`;

t.test('a forged id from the far future silences nothing, and is not delivered', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  await flaky.publish(2);
  for (const aheadMs of [10_000, 3_600_000, 86_400_000_000]) {
    flaky.say('drone:A:updated', forged(await flaky.epoch(), aheadMs));
    await flaky.publish(2);
    await until(feed.isLive);
  }
  await flaky.publish(2);
  await until(() => seen.length === 10);
  t.same(seen, range(1, 10));
  t.same(gaps, []);
  await feed.close();
});

t.test('a forged id from the near future is found by the history, and told', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  await flaky.publish(2);
  flaky.say('drone:A:updated', forged(await flaky.epoch(), 3000));
  await flaky.publish(3);
  await until(() => gaps.length > 0);
  t.same(gaps, ['unknown event']);
  await until(feed.isLive);
  await flaky.publish(2);
  await until(() => seen.at(-1) === 7);
  t.same(seen, [1, 2, -1, 6, 7], 'what was missed is in the gap, and what follows comes');
  await feed.close();
});

t.test('a clock that jumps ahead is no forgery', async (t) => {
  const flaky = createFlakyBus();
  const { feed, seen, gaps } = startFeed(flaky.port);
  await until(feed.isLive);
  await flaky.publish(2);
  const now = Date.now;
  // Also while the history is read, when nobody has asked it yet about what comes.
  flaky.onRead.before = async () => {
    flaky.onRead.before = async () => {};
    Date.now = () => now() + 7_200_000;
    await flaky.publish(1);
    Date.now = now;
  };
  Date.now = () => now() + 3_600_000;
  await flaky.publish(1);
  Date.now = now;
  await until(feed.isLive);
  await flaky.publish(2);
  await until(() => seen.length === 6);
  t.same(seen, range(1, 6));
  t.same(gaps, []);
  await feed.close();
});
