import type { Test } from 'tap';
import type { EventBus, Outbox, OutboxEntry } from '../src/index.js';
import type { CreateBus } from './event-bus-contract.js';
import { entry, marks, marksUpTo, outbox, readAll } from './outboxes.js';

const LIMITS = { maxEvents: 100_000, maxAgeHours: 24 };
const KEY = 'DRN-1';

/** Commits with names, as a database gives them: the same `lot` gives the same names. */
const named = (from: number, to: number, lot = 'a'): OutboxEntry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => ({ ...entry(from + i), name: `${lot}${from + i}` }));

const whole = (entries: OutboxEntry[], more: Partial<Outbox> = {}): Outbox => ({
  key: KEY,
  entries,
  ...more,
});
const tail = (entries: OutboxEntry[]): Outbox => whole(entries, { isTail: true });

/** What each bus promises about the order of an outbox's entries. */
export function orderContract(t: Test, name: string, create: CreateBus): void {
  const test = (title: string, run: (t: Test, bus: EventBus) => Promise<void>): void => {
    t.test(`${name}: ${title}`, async (t) => run(t, await create(t, LIMITS)));
  };
  const seen = async (bus: EventBus): Promise<string[]> => marks((await readAll(bus)).events);
  const behind = (published: number): Map<string, number> => new Map([[KEY, published]]);
  const none = new Map<string, number>();

  test('a tail is taken only behind what was published', async (t, bus) => {
    t.same(await bus.publish([tail(named(1, 1))]), none, 'the first one follows nothing');
    t.same(await bus.publish([tail(named(3, 3))]), behind(1), '2 may wait');
    t.same(await seen(bus), marksUpTo(1));
    t.same(await bus.publish([tail(named(2, 2))]), none);
    t.same(await bus.publish([tail(named(3, 3))]), none);
    t.same(await seen(bus), marksUpTo(3));
  });

  test('a tail before the one that comes before it', async (t, bus) => {
    await bus.publish([whole(named(1, 4))]);
    t.same(await bus.publish([tail(named(6, 6)), tail(named(5, 5))]), behind(4));
    t.same(await seen(bus), marksUpTo(5));
    t.same(await bus.publish([whole(named(5, 6))]), none, 'read again, it is whole');
    t.same(await bus.publish([tail(named(5, 5)), tail(named(6, 6))]), none, 'late duplicates');
    t.same(await seen(bus), marksUpTo(6));
  });

  test('a tail of an outbox that the bus has never seen', async (t, bus) => {
    t.same(await bus.publish([tail(named(6, 6))]), behind(0));
    t.same(await bus.publish([whole(named(6, 7))]), none, 'a whole one may begin anywhere');
    t.same(await bus.publish([tail(named(8, 8))]), none);
    t.same(await seen(bus), ['DRN-1/6', 'DRN-1/7', 'DRN-1/8']);
  });

  test('one outbox behind holds up none of the others', async (t, bus) => {
    const others = [outbox(1, 2, 'A'), tail(named(9, 9)), outbox(1, 1, 'B')];
    t.same(await bus.publish(others), behind(0));
    t.same(await seen(bus), ['A/1', 'A/2', 'B/1']);
  });

  test('duplicates that are too old to be recognized are read again', async (t, bus) => {
    await bus.publish([whole(named(1, 20))]);
    const { epoch } = await readAll(bus);
    t.same(await bus.publish([tail(named(5, 5)), whole(named(3, 8))]), behind(20));
    t.same(
      await bus.publish([whole(named(3, 8), { head: 20, behind: 20 })]),
      none,
      'the database has commits up to 20',
    );
    t.same(await bus.publish([whole(named(18, 20))]), none, 'these are recognized by their names');
    t.same(await seen(bus), marksUpTo(20));
    t.equal((await readAll(bus)).epoch, epoch);
  });

  test('another commit with a published seq begins a new epoch', async (t, bus) => {
    await bus.publish([whole(named(1, 3)), outbox(1, 1, 'A')]);
    const { epoch } = await readAll(bus);
    t.same(await bus.publish([whole(named(3, 4, 'b'))]), none);
    const page = await readAll(bus);
    t.not(page.epoch, epoch, 'the history told what never happened');
    t.same(marks(page.events), ['DRN-1/3', 'DRN-1/4']);
    t.same(await bus.publish([whole(named(3, 4, 'b')), outbox(1, 2, 'A')]), none);
    t.same(await seen(bus), ['DRN-1/3', 'DRN-1/4', 'A/2']);
    t.equal((await readAll(bus)).epoch, page.epoch, 'once');
  });

  test('another commit as a tail begins a new epoch, and is read again', async (t, bus) => {
    await bus.publish([whole(named(1, 3))]);
    const { epoch } = await readAll(bus);
    t.same(await bus.publish([tail(named(3, 3, 'b'))]), behind(0), 'another 2 may wait');
    t.not((await readAll(bus)).epoch, epoch);
    t.same(await bus.publish([whole(named(2, 3, 'b'), { head: 3, behind: 0 })]), none);
    t.same(await seen(bus), ['DRN-1/2', 'DRN-1/3']);
  });

  test('a database that has gone back further than names reach begins a new epoch', async (t, bus) => {
    await bus.publish([whole(named(1, 20))]);
    const { epoch } = await readAll(bus);
    t.same(await bus.publish([tail(named(4, 4, 'b'))]), behind(20));
    const again = whole(named(4, 5, 'b'), { head: 5, behind: 20 });
    t.same(await bus.publish([again]), none);
    const page = await readAll(bus);
    t.not(page.epoch, epoch);
    t.same(marks(page.events), ['DRN-1/4', 'DRN-1/5']);
    t.same(await bus.publish([again]), none, 'another process has read the same');
    t.same(await bus.publish([tail(named(6, 6, 'b'))]), none, 'and goes on from there');
    t.equal((await readAll(bus)).epoch, page.epoch, 'once');
  });

  test('what others have published since an outbox was read begins no new epoch', async (t, bus) => {
    await bus.publish([whole(named(1, 8))]);
    const { epoch } = await readAll(bus);
    t.same(await bus.publish([tail(named(10, 10))]), behind(8));
    await bus.publish([whole(named(9, 20))]);
    t.same(await bus.publish([whole(named(9, 10), { head: 10, behind: 8 })]), none);
    const page = await readAll(bus);
    t.equal(page.epoch, epoch);
    t.same(marks(page.events), marksUpTo(20));
  });

  test('several drones that have gone back begin one new epoch', async (t, bus) => {
    const other = (entries: OutboxEntry[]): Outbox => ({ key: 'DRN-2', entries });
    await bus.publish([whole(named(1, 2)), other(named(1, 2))]);
    await bus.publish([whole(named(2, 2, 'b')), other(named(2, 2, 'b'))]);
    t.same(await seen(bus), ['DRN-1/2', 'DRN-1/2']);
  });

  test('commits of an earlier version have no name', async (t, bus) => {
    t.same(await bus.publish([outbox(1, 9)]), none);
    t.same(await bus.publish([outbox(2, 3)]), none, 'known by seq alone');
    t.same(await bus.publish([tail(named(10, 10))]), none, 'a named one follows');
    t.same(await bus.publish([outbox(10, 11)]), none, 'and the other way round');
    t.same(await seen(bus), marksUpTo(11));
  });

  test('a forgotten outbox may be published again without harm for a while', async (t, bus) => {
    const ended = whole(named(1, 2));
    await bus.publish([ended]);
    await bus.forget([KEY]);
    t.same(await bus.publish([ended]), none);
    t.same(await bus.publish([tail(named(3, 3))]), none, 'also when it goes on');
    t.same(await seen(bus), marksUpTo(3));
  });

  test('a large outbox with names stays in order, and is taken once', async (t, bus) => {
    const large = named(1, 300).map((commit) => ({
      ...commit,
      events: commit.events.map(({ channel, body }) => ({
        channel,
        body: JSON.stringify({ ...JSON.parse(body), padding: 'x'.repeat(4000) }),
      })),
    }));
    t.same(await bus.publish([whole(large)]), none);
    t.same(await bus.publish([whole(large, { head: 300, behind: 300 })]), none);
    t.same(await seen(bus), marksUpTo(300));
  });
}
