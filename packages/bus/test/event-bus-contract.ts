import { compareStreamIds, framePrefix, parseCursor, STREAM_START } from '@dronecast/events';
import type { Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import {
  type EventBus,
  type HistoryLimits,
  MAX_BROADCASTS,
  MAX_BROADCASTS_BYTES,
  MAX_PAGE_BYTES,
} from '../src/index.js';
import { LiveRecorder } from './live-recorder.js';
import {
  broadcast,
  entry,
  event,
  largeOutbox,
  markOf,
  marks,
  marksUpTo,
  outbox,
  readAll,
} from './outboxes.js';

const LIMITS: HistoryLimits = { maxEvents: 100_000, maxAgeHours: 24 };

/** A bus without history, connected; closed by the caller of the suite when `t` ends. */
export type CreateBus = (t: Test, limits: HistoryLimits) => Promise<EventBus>;

/** What every {@link EventBus} does. */
export function eventBusContract(t: Test, name: string, create: CreateBus): void {
  const test = (title: string, run: (t: Test, bus: EventBus) => Promise<void>): void => {
    t.test(`${name}: ${title}`, async (t) => run(t, await create(t, LIMITS)));
  };

  async function follow(bus: EventBus): Promise<LiveRecorder> {
    const live = new LiveRecorder();
    bus.subscribe(live);
    await live.until('connected');
    return live;
  }

  test('an empty history begins and ends at the start', async (t, bus) => {
    const page = await readAll(bus);
    t.same(
      { ...page, epoch: '' },
      { epoch: '', floor: STREAM_START, newest: STREAM_START, isKnown: true, now: 0, events: [] },
    );
    t.match(page.epoch, /^[a-z0-9]{1,16}$/);
    t.equal((await readAll(bus)).epoch, page.epoch, 'the epoch stays');
    t.equal(bus.isReady(), true);
  });

  test('keeps the order of publishing in history and live feed', async (t, bus) => {
    const live = await follow(bus);
    const entries = [
      { seq: 1, events: [event('a', 'DRN-1', 'updated'), event('b', 'DRN-1', 'stream')] },
      { seq: 2, events: [event('c', 'DRN-1', 'updated'), event('d', 'DRN-1', 'ai'), event('e')] },
    ];
    await bus.publish([{ key: 'DRN-1', entries }]);
    await bus.publish([{ key: 'DRN-1', entries: [{ seq: 3, events: [event('f')] }] }]);

    const expected = ['a', 'b', 'c', 'd', 'e', 'f'];
    const { events, newest } = await readAll(bus);
    t.same(marks(events), expected);
    t.same(
      (await live.messages(6)).map(([, text]) => markOf(text)),
      expected,
    );
    const ids = events.map(({ id }) => id);
    t.same(ids, [...ids].sort(compareStreamIds), 'ids grow');
    t.same(newest, ids.at(-1));
  });

  test('history and live feed carry the same bytes', async (t, bus) => {
    const live = await follow(bus);
    const bodies = [
      event('Überflug 東京 🚁 \u2028 \u0000 "\\/ \ud800'),
      event('{"id":"'),
      {
        channel: 'system:broadcast',
        body: '{"type":"system:event","spaced" : [ 1.0, 1e3, 12345678901234567890 ]}',
      },
    ];
    await bus.publish([{ key: 'DRN-1', entries: [{ seq: 1, events: bodies }] }]);

    const { events } = await readAll(bus);
    t.same(
      await live.messages(3),
      events.map(({ channel, frame }) => [channel, frame.toString()]),
    );
    t.same(
      events.map(({ channel }) => channel),
      bodies.map(({ channel }) => channel),
    );
    for (const [i, { frame }] of events.entries()) {
      t.ok(frame.toString().endsWith(`",${bodies[i]?.body.slice(1)}`), 'the body as it was handed over');
    }
  });

  test('a frame starts with its id, which is a cursor', async (t, bus) => {
    await bus.publish([outbox(1, 2)]);
    const { epoch, events } = await readAll(bus);
    t.equal(events.length, 2);
    for (const { id, frame } of events) {
      const text = frame.toString();
      t.ok(text.startsWith(framePrefix(epoch)));
      const parsed = JSON.parse(text) as { id: string };
      t.equal(Object.keys(parsed)[0], 'id');
      t.same(parseCursor(parsed.id), { epoch, id });
    }
  });

  test('publishing again changes nothing', async (t, bus) => {
    const live = await follow(bus);
    await bus.publish([outbox(1, 3)]);
    await bus.publish([outbox(1, 3)]);
    await bus.publish([outbox(2, 2)]);
    await bus.publish([outbox(1, 1, 'MARKER')]);
    const expected = [...marksUpTo(3), 'MARKER/1'];
    t.same(marks((await readAll(bus)).events), expected);
    t.same(
      (await live.messages(4)).map(([, text]) => markOf(text)),
      expected,
    );
  });

  test('of an outbox that it knows in part, it publishes the rest', async (t, bus) => {
    await bus.publish([outbox(1, 3)]);
    await bus.publish([outbox(2, 5)]);
    t.same(marks((await readAll(bus)).events), marksUpTo(5));
  });

  test('takes several outboxes at once, each with its own numbers', async (t, bus) => {
    await bus.publish([outbox(1, 1, 'B')]);
    await bus.publish([outbox(1, 2, 'A'), outbox(1, 2, 'B'), { key: 'C', entries: [] }, outbox(7, 7, 'D')]);
    await bus.publish([]);
    t.same(marks((await readAll(bus)).events), ['B/1', 'A/1', 'A/2', 'B/2', 'D/7']);
  });

  test('takes one key twice in a call, and an entry without events', async (t, bus) => {
    await bus.publish([
      outbox(1, 2),
      { key: 'DRN-1', entries: [entry(2), { seq: 3, events: [] }, entry(4)] },
    ]);
    await bus.publish([outbox(3, 4)]);
    t.same(marks((await readAll(bus)).events), ['DRN-1/1', 'DRN-1/2', 'DRN-1/4']);
  });

  test('listeners and history get each event on its own channel alone', async (t, bus) => {
    const live = await follow(bus);
    const kinds = ['created', 'updated', 'incident', 'deleted'] as const;
    const events = kinds.map((kind) => event(kind, 'DRN-1', kind));
    await bus.publish([{ key: 'DRN-1', entries: [{ seq: 1, events }] }]);
    await bus.publish([outbox(1, 1, 'MARKER')]);

    const expected = [...kinds.map((kind) => `drone:DRN-1:${kind}`), 'drone:MARKER:updated'];
    t.same(
      (await live.messages(5)).map(([channel]) => channel),
      expected,
    );
    t.same(
      (await readAll(bus)).events.map(({ channel }) => channel),
      expected,
    );
  });

  test('an outbox without a key is published each time', async (t, bus) => {
    const announcement = { key: undefined, entries: [{ seq: 1, events: [event('a'), event('b')] }] };
    await bus.publish([announcement, outbox(1, 1), announcement]);
    await bus.publish([announcement]);
    t.same(marks((await readAll(bus)).events), ['a', 'b', 'DRN-1/1', 'a', 'b', 'a', 'b']);
  });

  test('reads page by page after a place', async (t, bus) => {
    await bus.publish([outbox(1, 10)]);
    const { events: all, newest } = await readAll(bus);

    const pages: string[][] = [];
    for (let place = STREAM_START; ; ) {
      const { events } = await bus.read(place, 4);
      if (events.length === 0) break;
      pages.push(marks(events));
      place = events.at(-1)?.id ?? place;
    }
    t.same(
      pages.map((page) => page.length),
      [4, 4, 2],
    );
    t.same(pages.flat(), marks(all));

    const middle = all[6]?.id ?? STREAM_START;
    t.same(marks((await bus.read(middle, 100)).events), ['DRN-1/8', 'DRN-1/9', 'DRN-1/10']);
    t.same((await bus.read({ ms: newest.ms + 60_000, n: 0 }, 100)).events, [], 'a place in the future');
  });

  test('a page ends at a number of bytes, has at least one event, and says whether there are more', async (t, bus) => {
    const sizes = [10, 100_000, 100_000, 100_000, 400_000, 10, 10, 300_000, 120_000, 120_000, 10];
    for (const [i, size] of sizes.entries()) await bus.publish([largeOutbox(i + 1, i + 1, size)]);
    const pages: string[][] = [];
    for (let position = STREAM_START, isMore = true; isMore; ) {
      const { events, newest } = await bus.read(position, 100);
      const bytes = events.reduce((sum, { frame }) => sum + frame.length, 0);
      t.ok(events.length === 1 || bytes < MAX_PAGE_BYTES * 1.01, `${bytes} bytes in a page`);
      pages.push(marks(events));
      position = events.at(-1)?.id ?? position;
      isMore = events.length > 0 && compareStreamIds(position, newest) < 0;
    }
    t.same(pages.flat(), marksUpTo(sizes.length));
    t.same(
      pages.map((page) => page.length),
      [3, 1, 1, 2, 1, 3],
    );
  });

  test('tells the bounds alone when asked for no event', async (t, bus) => {
    await bus.publish([outbox(1, 3)]);
    const whole = await readAll(bus);
    t.same({ ...(await bus.read(STREAM_START, 0)), now: 0 }, { ...whole, events: [] });
    t.same(whole.floor, STREAM_START, 'nothing has been trimmed');
    t.same(whole.newest, whole.events[2]?.id);
  });

  t.test(`${name}: trims by count, and the floor tells from where on it is whole`, async (t) => {
    const bus = await create(t, { ...LIMITS, maxEvents: 100 });
    for (let from = 1; from <= 1000; from += 50) await bus.publish([outbox(from, from + 49)]);

    const { floor, newest, events } = await readAll(bus);
    t.ok(events.length >= 100 && events.length < 500, `${events.length} events left`);
    t.same(marks(events), marksUpTo(1000).slice(-events.length), 'the newest are kept, without a hole');
    t.same(newest, events.at(-1)?.id);
    const [oldest] = events;
    t.ok(compareStreamIds(floor, STREAM_START) > 0);
    t.ok(oldest && compareStreamIds(floor, oldest.id) <= 0, 'nothing after the floor is gone');

    await bus.publish([outbox(900, 1001)]);
    t.same(marks((await bus.read(newest, 10)).events), ['DRN-1/1001'], 'trimmed events stay published');
  });

  t.test(`${name}: trims by bytes, whatever the sizes, and keeps the newest`, async (t) => {
    const maxBytes = 4 * 1024 * 1024;
    const bus = await create(t, { ...LIMITS, maxBytes });
    let seq = 0;
    for (const [count, size] of [
      [2000, 10],
      [30, 200_000],
      [6000, 10],
      [10, 300_000],
    ] as const) {
      for (let n = 0; n < count; n += 10, seq += 10)
        await bus.publish([largeOutbox(seq + 1, seq + 10, size)]);
      await bus.trim();
      const { events, newest } = await readAll(bus);
      const bytes = events.reduce((sum, { frame }) => sum + frame.length, 0);
      t.ok(bytes <= maxBytes, `${bytes} bytes of text`);
      t.same(marks(events), marksUpTo(seq).slice(-events.length), 'the newest are kept, without a hole');
      t.same(newest, events.at(-1)?.id);
      if (size > 1000) t.ok(bytes > maxBytes / 2, `as much as fits is kept: ${bytes} bytes`);
    }
  });

  test('trimming what is within its limits changes nothing', async (t, bus) => {
    await bus.publish([outbox(1, 3)]);
    const before = await readAll(bus);
    await bus.trim();
    await bus.trim();
    t.same(await readAll(bus), before);
    t.equal(bus.isFull(), false);
  });

  test('a large outbox stays in order', async (t, bus) => {
    const live = await follow(bus);
    const padding = 'ü'.repeat(50 * 1024); // 100 KiB
    const entries = Array.from({ length: 30 }, (_, i) => {
      const { channel, body } = event(`${i}`);
      return { seq: i + 1, events: [{ channel, body: JSON.stringify({ ...JSON.parse(body), padding }) }] };
    });
    await bus.publish([
      outbox(1, 3, 'BEFORE'),
      { key: 'DRN-1', entries: entries.slice(0, 20) },
      { key: 'DRN-1', entries },
      outbox(1, 3, 'AFTER'),
    ]);
    const expected = [...marksUpTo(3, 'BEFORE'), ...entries.map((_, i) => `${i}`), ...marksUpTo(3, 'AFTER')];
    t.same(marks((await readAll(bus)).events), expected);
    t.same(
      (await live.messages(36)).map(([, text]) => markOf(text)),
      expected,
    );
  });

  test('publishes made at once on one bus publish once, in order', async (t, bus) => {
    const live = await follow(bus);
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => bus.publish([outbox(1, i + 1), outbox(1, 5, 'B')])),
    );
    const { events } = await readAll(bus);
    const ofA = marks(events.filter(({ channel }) => channel.startsWith('drone:DRN-1:')));
    t.same(ofA, marksUpTo(20));
    t.equal(events.length, 25);
    t.same(
      (await live.messages(25)).map(([, text]) => markOf(text)),
      marks(events),
    );
  });

  test('each subscriber is told that it is connected and gets everything', async (t, bus) => {
    const one = await follow(bus);
    const other = await follow(bus);
    await bus.publish([outbox(1, 3)]);
    t.same(await one.messages(3), await other.messages(3));
  });

  test('after unsubscribe nothing comes', async (t, bus) => {
    const gone = new LiveRecorder();
    const subscription = bus.subscribe(gone);
    await gone.until('connected');
    const live = await follow(bus);
    await subscription.unsubscribe();
    await subscription.unsubscribe();
    await bus.publish([outbox(1, 1)]);
    t.equal((await live.messages(1)).length, 1);
    t.equal(gone.length, 0);
  });

  test('a subscription that ends at once never begins', async (t, bus) => {
    const gone = new LiveRecorder();
    await bus.subscribe(gone).unsubscribe();
    const live = await follow(bus);
    await bus.publish([outbox(1, 1)]);
    t.equal((await live.messages(1)).length, 1);
    t.equal(gone.length, 0);
  });

  test('a listener that throws loses no event, neither for itself nor for others', async (t, bus) => {
    const throwing = new LiveRecorder();
    bus.subscribe({
      connected: () => throwing.connected(),
      disconnected: () => throwing.disconnected(),
      message(channel, payload) {
        throwing.message(channel, payload);
        throw new Error('thrown by the listener');
      },
    });
    await throwing.until('connected');
    const live = await follow(bus);
    await bus.publish([{ key: 'DRN-1', entries: [{ seq: 1, events: [event('a'), event('b')] }] }]);
    await bus.publish([{ key: 'DRN-1', entries: [{ seq: 2, events: [event('c')] }] }]);

    const expected = ['a', 'b', 'c'];
    t.same(marks((await readAll(bus)).events), expected);
    for (const recorder of [live, throwing]) {
      const texts = (await recorder.messages(3)).map(([, text]) => markOf(text));
      t.same(texts, expected);
    }
  });

  test('what has a key of its own is published once, by whoever and whenever', async (t, bus) => {
    const once = (key: string, mark: string) =>
      bus.publish([{ key, ttlSeconds: 60, entries: [{ seq: 1, events: [event(mark)] }] }]);
    const { epoch } = await readAll(bus);
    for (const behind of await Promise.all([once('a', 'a'), once('a', 'a'), once('b', 'b')]))
      t.equal(behind.size, 0);
    await once('a', 'a');
    const page = await readAll(bus);
    t.same(marks(page.events), ['a', 'b']);
    t.equal(page.epoch, epoch);
  });

  const broadcastMarks = async (bus: EventBus, limit = MAX_BROADCASTS): Promise<string[]> =>
    (await bus.readBroadcasts(limit)).map(markOf);

  test('keeps broadcasts apart, newest first, with the very text of the live feed', async (t, bus) => {
    t.same(await bus.readBroadcasts(MAX_BROADCASTS), []);
    await bus.publish([outbox(1, 1), broadcast('first 東京 \u2028 \u0000 "\\ \ud83d')]);
    await bus.publish([outbox(2, 3)]);
    await bus.publish([broadcast('second'), outbox(4, 4), broadcast('third')]);
    const sent = (await readAll(bus)).events.filter(({ channel }) => channel === 'system:broadcast');
    t.same(await bus.readBroadcasts(MAX_BROADCASTS), sent.map(({ frame }) => frame.toString()).reverse());
    t.equal(sent.length, 3);
    t.same(await broadcastMarks(bus, 2), ['third', 'second']);
  });

  test('keeps a broadcast with a key once', async (t, bus) => {
    const once = { ...broadcast('a'), key: 'broadcast:1', ttlSeconds: 60 };
    await bus.publish([once]);
    await bus.publish([broadcast('b')]);
    await bus.publish([once]);
    t.same(await broadcastMarks(bus), ['b', 'a']);
  });

  test('bounds the number of broadcasts', async (t, bus) => {
    const all = Array.from({ length: MAX_BROADCASTS + 20 }, (_, i) => `${i}`);
    await bus.publish(all.slice(0, 110).map((mark) => broadcast(mark)));
    t.same(await broadcastMarks(bus), all.slice(10, 110).reverse());
    for (const mark of all.slice(110)) await bus.publish([broadcast(mark)]);
    t.same(await broadcastMarks(bus), all.slice(-MAX_BROADCASTS).reverse());
    t.same(await bus.readBroadcasts(2 * MAX_BROADCASTS), await bus.readBroadcasts(MAX_BROADCASTS));
  });

  test('bounds the bytes of broadcasts, and keeps the newest whatever its size', async (t, bus) => {
    for (const mark of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
      await bus.publish([broadcast(mark, MAX_BROADCASTS_BYTES / 5)]);
    t.same(await broadcastMarks(bus), ['g', 'f', 'e', 'd']);
    await bus.publish([broadcast('small')]);
    t.same(await broadcastMarks(bus), ['small', 'g', 'f', 'e', 'd']);
    await bus.publish([broadcast('large', 2 * MAX_BROADCASTS_BYTES)]);
    t.same(await broadcastMarks(bus), ['large']);
    await bus.publish([broadcast('after')]);
    t.same(await broadcastMarks(bus), ['after']);
  });

  test('a new epoch removes no broadcast', async (t, bus) => {
    await bus.publish([broadcast('before')]);
    const [text] = await bus.readBroadcasts(1);
    const { epoch } = await readAll(bus);
    await bus.renew(epoch);
    await bus.publish([broadcast('after')]);
    t.same(await broadcastMarks(bus), ['after', 'before']);
    t.equal((await bus.readBroadcasts(2))[1], text, 'its id stays that of the epoch of before');
  });

  test('one holder at a time has a lease', async (t, bus) => {
    t.equal(await bus.lease('work', 'a', 60_000), true);
    t.equal(await bus.lease('work', 'b', 60_000), false);
    t.equal(await bus.lease('other work', 'b', 60_000), true);
    t.equal(await bus.lease('work', 'a', 20), true, 'its holder keeps it');
    await until(() => bus.lease('work', 'b', 60_000));
    t.equal(await bus.lease('work', 'a', 60_000), false, 'after its end it is free');
  });

  test('knows its own places from those of a history that was lost', async (t, bus) => {
    await bus.publish([outbox(1, 3)]);
    const { events, newest, isKnown } = await readAll(bus);
    t.equal(isKnown, true);
    for (const { id } of events) t.equal((await bus.read(id, 0)).isKnown, true);
    t.equal((await bus.read({ ms: newest.ms, n: newest.n + 1 }, 0)).isKnown, false);
    t.equal((await bus.read({ ms: 1, n: 0 }, 0)).isKnown, false);
  });

  test('renews its history once per epoch', async (t, bus) => {
    await bus.publish([outbox(1, 3)]);
    const { epoch } = await readAll(bus);
    await bus.renew('another');
    t.equal((await readAll(bus)).epoch, epoch);
    await Promise.all([bus.renew(epoch), bus.renew(epoch)]);
    const renewed = await readAll(bus);
    t.not(renewed.epoch, epoch);
    t.same([renewed.events, renewed.floor], [[], STREAM_START]);
    await bus.renew(epoch);
    t.equal((await readAll(bus)).epoch, renewed.epoch);
    await bus.publish([{ key: 'DRN-1', entries: [entry(3), entry(4)] }]);
    t.equal((await readAll(bus)).events.length, 1, 'what was published before stays published');
  });
}
