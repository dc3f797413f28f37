import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { buildRelay, createBus, type TestRelay } from './build-relay.js';

async function poll(relay: TestRelay, query: string) {
  const answer = await fetch(`http://127.0.0.1:${relay.port}/poll/events?${query}`);
  return { status: answer.status, headers: answer.headers, ...((await answer.json()) as PollBody) };
}

interface PollBody {
  // biome-ignore lint/suspicious/noExplicitAny: frames of any kind.
  readonly events: any[];
  readonly cursor: string;
}

const numbers = ({ events }: PollBody): number[] => events.map(({ data }) => data.number);
const isWaiting = (relay: TestRelay): Promise<void> =>
  until(async () => JSON.parse((await relay.app.inject('/health/ready')).body).peers === 1);

t.test('an answer is never kept by anybody', async (t) => {
  const relay = await buildRelay(t);
  const { status, headers, events, cursor } = await poll(relay, 'wait=0');
  t.match({ status, events, cursor }, { status: 200, events: [], cursor: /./ });
  t.equal(headers.get('cache-control'), 'no-store');
  t.equal(headers.get('etag'), null);
  t.match(headers.get('content-type'), /^application\/json/);
});

t.test('an answer comes with the first event, or in the end without one', async (t) => {
  const relay = await buildRelay(t);
  const waiting = poll(relay, 'sn=A&wait=60');
  await isWaiting(relay);
  await relay.publish('B', 'updated');
  await relay.publish('A', 'updated');
  const first = await waiting;
  t.same(numbers(first), [2]);
  t.equal(first.cursor, first.events[0].id);
  await relay.publish('B', 'updated');
  const empty = await poll(relay, `sn=A&wait=1&since=${first.cursor}`);
  t.same(empty.events, []);
  t.not(empty.cursor, first.cursor, 'what did not match is behind the client too');
});

t.test('what is too much for one answer comes with the next ones', async (t) => {
  const relay = await buildRelay(t, { peerBufferBytes: 65_536 });
  const { cursor } = await poll(relay, 'wait=0');
  for (let number = 1; number <= 10; number += 1) await relay.publish('A', 'updated', 'x'.repeat(20_000));
  const some = await poll(relay, `wait=0&limit=3&since=${cursor}`);
  t.same(numbers(some), [1, 2, 3]);
  const more = await poll(relay, `wait=0&since=${some.cursor}`);
  t.same(numbers(more), [4, 5, 6, 7], 'as many as may wait for a client');
  t.same(numbers(await poll(relay, `wait=0&since=${more.cursor}`)), [8, 9, 10]);

  const waiting = poll(relay, `limit=2&since=${(await poll(relay, 'wait=0')).cursor}`);
  await isWaiting(relay);
  for (let number = 11; number <= 15; number += 1) await relay.publish('A', 'updated');
  const live = await waiting;
  t.same(numbers(live), [11, 12]);
  t.same(numbers(await poll(relay, `since=${live.cursor}`)), [13, 14, 15]);
});

t.test('an answer has what a replay finds in several turns', async (t) => {
  const PAGES = 12;
  const PAGE = 50;
  const bus = createBus();
  const before = await buildRelay(t, {}, { ...bus, close: async () => {} });
  const { cursor } = await poll(before, 'wait=0');
  for (let number = 1; number <= PAGES * PAGE; number += 1) await before.publish('A', 'updated');
  const after = await buildRelay(
    t,
    {},
    {
      ...bus,
      async read(place, limit) {
        await new Promise(setImmediate);
        return bus.read(place, Math.min(limit, PAGE));
      },
    },
  );
  const got: number[] = [];
  let answers = 0;
  for (let since = cursor; got.length < PAGES * PAGE; answers += 1) {
    const answer = await poll(after, `wait=0&limit=1000&since=${since}`);
    got.push(...numbers(answer));
    since = answer.cursor;
  }
  t.same(
    got,
    Array.from({ length: PAGES * PAGE }, (_, index) => index + 1),
  );
  t.ok(answers <= PAGES / 2, `${answers} answers for ${PAGES} pages`);
});

t.test('a wrong wait or limit is refused', async (t) => {
  const relay = await buildRelay(t);
  for (const query of ['wait=61', 'wait=-1', 'wait=x', 'limit=0', 'limit=1001', 'colour=red'])
    t.equal((await poll(relay, query)).status, 400, query);
});
