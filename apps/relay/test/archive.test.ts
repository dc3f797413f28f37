import type { EventBus, HistoryPage } from '@dronecast/bus';
import { compareStreamIds, type StreamId } from '@dronecast/events';
import t from 'tap';
import { createArchive } from '../src/history/archive.js';
import { EVERYTHING } from '../src/hub/filter.js';
import { createMatcher } from '../src/hub/matcher.js';

const KIB = 1024;
const at = (ms: number): StreamId => ({ ms, n: 0 });
const cursorAt = (ms: number, epoch = 'e') => ({ epoch, id: at(ms) });
const patient = { isOpen: () => true, waitsUntil: Number.POSITIVE_INFINITY };

/** A history of one event a millisecond, from 1 on, which answers when a test says so. */
function createHistory({
  newest,
  bytes = 100,
  channel = 'drone:A:updated',
}: {
  newest: number;
  bytes?: number;
  channel?: string;
}) {
  const text = Buffer.alloc(bytes, 'x');
  const asked: number[] = [];
  const state = { floor: at(0), isKnown: true, epoch: 'e', isAway: false };
  const bus: Pick<EventBus, 'read'> = {
    async read(after, limit): Promise<HistoryPage> {
      asked.push(after.ms);
      await new Promise(setImmediate);
      if (state.isAway) throw new Error('the bus is away');
      const count = Math.max(0, Math.min(limit, newest - after.ms));
      const events = Array.from({ length: count }, (_, index) => ({
        id: at(after.ms + 1 + index),
        channel,
        frame: text,
      }));
      return { ...state, newest: at(newest), now: Date.now(), events };
    },
  };
  return { bus, asked, state };
}

const toFrame = (text: Buffer): Buffer => text;

t.test('an event of a drone that older data calls `all` is not one of the fleet', async (t) => {
  const { bus } = createHistory({ newest: 3, channel: 'drone:all:updated' });
  const archive = createArchive({ bus, toFrame });
  t.equal(await archive.load(cursorAt(0), patient), true);
  const block = archive.find(cursorAt(0));
  t.same(block?.read(at(0), createMatcher(EVERYTHING), KIB), { frames: [], to: at(3) });
});

t.test('one read serves all who are inside its page', async (t) => {
  const { bus, asked } = createHistory({ newest: 2000 });
  const archive = createArchive({ bus, toFrame });
  const positions = Array.from({ length: 1000 }, (_, index) => cursorAt(index));
  const found = await Promise.all(positions.map((position) => archive.load(position, patient)));
  t.ok(found.every((one) => one === true));
  t.same(asked, [0, 500]);
  t.ok(positions.every((position) => archive.find(position)));
});

t.test('pages are bounded in bytes, and so is what is kept of them', async (t) => {
  const EVENT = 60 * KIB;
  const { bus } = createHistory({ newest: 2000, bytes: EVENT });
  const archive = createArchive({ bus, toFrame });
  const matcher = createMatcher(EVERYTHING);
  let position = at(0);
  const passed: StreamId[] = [];
  while (position.ms < 2000) {
    const cursor = { epoch: 'e', id: position };
    t.equal(await archive.load(cursor, patient), true);
    const page = archive.find(cursor);
    if (!page) return t.fail('the page that was just read is there');
    if (page.size > 320 * KIB) t.fail(`a page of ${page.size} bytes`);
    const [frame] = page.read(position, matcher, EVENT).frames;
    t.equal(frame?.buffer.byteLength, page.size, 'a page is one stretch of memory');
    passed.push(position);
    position = page.end();
  }
  t.equal(position.ms, 2000);
  const kept = new Set(passed.map((id) => archive.find({ epoch: 'e', id })));
  kept.delete(undefined);
  const bytes = [...kept].reduce((sum, page) => sum + (page?.size ?? 0), 0);
  t.ok(bytes <= 16 * KIB * KIB, `${bytes} bytes`);
  t.ok(bytes > 8 * KIB * KIB, `${bytes} bytes`);
  t.ok(archive.find({ epoch: 'e', id: passed.at(-1) ?? at(0) }), 'the latest');
});

t.test('an event that is longer than a page is a page of its own', async (t) => {
  const { bus } = createHistory({ newest: 3, bytes: 20 * KIB * KIB });
  const archive = createArchive({ bus, toFrame });
  for (const ms of [0, 1, 2]) t.equal(await archive.load(cursorAt(ms), patient), true);
  t.same(
    [0, 1, 2].map((ms) => archive.find(cursorAt(ms))?.end().ms),
    [undefined, undefined, 3],
  );
});

t.test('events on channels that nobody can follow are passed', async (t) => {
  const { bus } = createHistory({ newest: 10, channel: 'other:A' });
  const archive = createArchive({ bus, toFrame });
  t.equal(await archive.load(cursorAt(4), patient), true);
  const read = archive.find(cursorAt(4))?.read(at(4), createMatcher(EVERYTHING), KIB);
  t.same(read, { frames: [], to: at(10) });
});

t.test('what a read finds out is told to all whom it concerns', async (t) => {
  const { bus, asked, state } = createHistory({ newest: 1000 });
  const archive = createArchive({ bus, toFrame });
  const load = (...positions: ReturnType<typeof cursorAt>[]) =>
    Promise.all(positions.map((position) => archive.load(position, patient)));
  state.floor = at(50);
  t.same(await load(cursorAt(10), cursorAt(20), cursorAt(30)), Array(3).fill({ gap: 'history trimmed' }));
  t.same(asked.splice(0), [10]);
  t.equal(archive.find(cursorAt(10)), undefined);
  t.same(
    await load(cursorAt(1000), cursorAt(1000), cursorAt(1001)),
    [false, false, false],
    'nothing is newer',
  );
  t.same(asked.splice(0), [1000, 1001]);
  t.same(await load(cursorAt(60, 'old'), cursorAt(70, 'old'), cursorAt(60)), [false, false, true]);
  state.isKnown = false;
  t.same(await load(cursorAt(900), cursorAt(900)), [{ gap: 'history lost' }, { gap: 'history lost' }]);
});

t.test('while the bus is away one read is tried again for all', async (t) => {
  const { bus, asked, state } = createHistory({ newest: 1_000_000 });
  const archive = createArchive({ bus, toFrame });
  state.isAway = true;
  const positions = Array.from({ length: 300 }, (_, index) => cursorAt(index * 3000));
  const impatient = archive.load(cursorAt(1), { isOpen: () => true, waitsUntil: Date.now() - 1 });
  const all = Promise.all(positions.map((position) => archive.load(position, patient)));
  t.equal(await impatient, false);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
  t.same(asked, [1], 'nobody tries on their own');
  state.isAway = false;
  t.ok((await all).every((found) => found === true));
  t.equal(asked.length, 1 + positions.length);
});

t.test('nothing is read for those who have left', async (t) => {
  const { bus, asked } = createHistory({ newest: 1_000_000 });
  const archive = createArchive({ bus, toFrame });
  let isOpen = true;
  const first = archive.load(cursorAt(1), patient);
  const others = [5000, 9000].map((ms) => archive.load(cursorAt(ms), { ...patient, isOpen: () => isOpen }));
  const last = archive.load(cursorAt(20_000), patient);
  isOpen = false;
  t.same(await Promise.all([first, ...others, last]), [true, false, false, true]);
  t.same(asked, [1, 20_000]);
});

t.test('a page that cannot be made is the fault of nobody else', async (t) => {
  const { bus } = createHistory({ newest: 10_000 });
  let isBroken = true;
  const archive = createArchive({
    bus,
    toFrame(text) {
      if (isBroken) throw new Error('broken');
      return text;
    },
  });
  const first = archive.load(cursorAt(1), patient);
  const second = archive.load(cursorAt(5000), patient);
  await t.rejects(first, { message: 'broken' });
  isBroken = false;
  t.equal(await second, true);
  t.ok(compareStreamIds(archive.find(cursorAt(5000))?.end() ?? at(0), at(5000)) > 0);
});
