import t, { type Test } from 'tap';
import { createApiClient } from '../src/api-client.js';
import { createFleet } from '../src/fleet.js';
import { createRandom } from '../src/random.js';
import { CONCURRENCY, createRunner, createStats } from '../src/run.js';
import { createScenario, type Operation, registrations } from '../src/scenario.js';
import { accept, startApiDouble } from './api-double.js';

/** A clock that moves only when somebody sleeps. */
function createVirtualClock() {
  const slept: number[] = [];
  let time = 0;
  return {
    slept,
    now: () => time,
    async sleep(ms: number): Promise<void> {
      slept.push(ms);
      time += ms;
    },
  };
}

function setUp(t: Test, url: URL) {
  const client = createApiClient(url, CONCURRENCY);
  t.teardown(() => client.close());
  const stats = createStats();
  const clock = createVirtualClock();
  const stop = new AbortController();
  return { stats, clock, stop, run: createRunner({ client, stats, clock, signal: stop.signal }) };
}

async function startDouble(t: Test, ...[answer, port]: Parameters<typeof startApiDouble>) {
  const double = await startApiDouble(answer, port);
  t.teardown(() => double.close());
  return double;
}

const random = createRandom(1);
const fleet = createFleet(10, random);
const scenario = createScenario(fleet, random, 'http://localhost/demo-scene.svg');
const story = Array.from({ length: 300 }, () => scenario.next().value);
const patch: Operation = { kind: 'patch', serialNumber: 'DRN-0001', body: { streamIsOn: true } };
const incident = story.find(({ kind }) => kind === 'incident') as Operation;

t.test('registers the fleet, then sends the story, in order for each drone', async (t) => {
  const double = await startDouble(t, accept);
  const { run, stats } = setUp(t, double.url);
  await run(registrations(fleet), Number.POSITIVE_INFINITY);
  t.equal(stats.registered, 10);
  await run(story, 1000);
  t.match(stats, { registered: 10, sent: 300, ok: 300, errors: new Map() });
  t.equal(stats.latency.count, 300);

  const registered = double.seen.splice(0, 10);
  t.same(
    new Set(registered.map(({ method, url }) => `${method} ${url}`)),
    new Set(['POST /api/v1/drones/register']),
  );
  t.same(new Set(registered.map(({ body }) => body)), new Set(fleet.map(({ registration }) => registration)));
  for (const { registration } of fleet) {
    const drone = `/api/v1/drones/sn/${registration.deviceSerialNumber}`;
    const told = story.filter(({ serialNumber }) => serialNumber === registration.deviceSerialNumber);
    const heard = double.seen.filter(({ url }) => url === drone || url === `${drone}/incidents`);
    t.same(
      heard.map(({ method, body: { capturedAt, ...body } }) => ({ method, body })),
      told.map(({ kind, body }) => ({ method: kind === 'patch' ? 'PATCH' : 'POST', body })),
    );
  }
  for (const { headers } of double.seen) t.equal(headers['content-type'], 'application/json');
  t.equal(new Set(registered.map(({ headers }) => headers['idempotency-key'])).size, 10, 'a key for each');
});

t.test('an incident is stamped with its time and a key of its own', async (t) => {
  const double = await startDouble(t, accept);
  const { run } = setUp(t, double.url);
  await run([incident, incident], 1000);
  for (const { body } of double.seen) t.match(body, { capturedAt: /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ });
  t.equal(new Set(double.seen.map(({ headers }) => headers['idempotency-key'])).size, 2);
});

t.test('a drone that is registered already is fine', async (t) => {
  const double = await startDouble(t, () => ({ status: 409 }));
  const { run, stats, clock } = setUp(t, double.url);
  await run(registrations(fleet), Number.POSITIVE_INFINITY);
  t.match(stats, { registered: 10, errors: new Map() });
  t.same(clock.slept, []);
});

t.test('busy: counts, waits as long as asked, and sends the very same again before the next', async (t) => {
  const refusals = [
    { status: 503, headers: { 'retry-after': '2' } },
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 503 },
  ];
  const double = await startDouble(t, (request) => refusals.shift() ?? accept(request));
  const { run, stats, clock } = setUp(t, double.url);
  const next: Operation = { kind: 'patch', serialNumber: incident.serialNumber, body: { streamIsOn: false } };
  await run([incident, next], Number.POSITIVE_INFINITY);
  t.match(stats, { sent: 2, ok: 2 });
  t.same(
    [...stats.errors],
    [
      ['503', 2],
      ['429', 1],
    ],
  );
  t.same(clock.slept.slice(0, 2), [2000, 7000]);
  t.equal(clock.slept.length, 3);

  const [first, ...others] = double.seen;
  const last = others.pop();
  t.equal(others.length, 3);
  for (const { body, headers } of others) {
    t.same(body, first?.body);
    t.equal(headers['idempotency-key'], first?.headers['idempotency-key']);
  }
  t.same(last?.body, { streamIsOn: false });
});

t.test('away: counts, waits longer and longer up to a bound, and goes on when the API is back', async (t) => {
  const gone = await startApiDouble(accept);
  await gone.close();
  const { run, stats, clock } = setUp(t, gone.url);
  const { sleep } = clock;
  clock.sleep = async (ms) => {
    await sleep(ms);
    if (clock.slept.length === 12) await startDouble(t, accept, gone.port);
  };
  await run([patch], 1000);
  t.match(stats, { sent: 1, ok: 1 });
  t.same([...stats.errors], [['ECONNREFUSED', 12]]);
  const [first = 0] = clock.slept;
  const last = clock.slept.at(-1) ?? 0;
  t.ok(first >= 50 && first <= 100, `first ${first} ms`);
  t.ok(last >= 1000 && last <= 2000, `last ${last} ms`);
});

t.test('what is refused for good is counted and left', async (t) => {
  const double = await startDouble(t, ({ method }) => ({ status: method === 'POST' ? 400 : 404 }));
  const { run, stats, clock } = setUp(t, double.url);
  await run([...registrations(fleet), patch], Number.POSITIVE_INFINITY);
  t.match(stats, { registered: 0, sent: 1, ok: 0 });
  t.same(
    new Map([...stats.errors].sort()),
    new Map([
      ['400', 10],
      ['404', 1],
    ]),
  );
  t.same(clock.slept, []);
});

t.test('keeps to the rate', async (t) => {
  const double = await startDouble(t, accept);
  const { run, clock } = setUp(t, double.url);
  await run(story.slice(0, 21), 20);
  t.equal(clock.now(), 1000);
});

t.test('does not make up in a burst for what an outage took', async (t) => {
  const double = await startDouble(t, accept);
  const { run, clock } = setUp(t, double.url);
  function* interrupted() {
    yield* story.slice(0, 10);
    void clock.sleep(60_000);
    yield* story.slice(10, 20);
  }
  await run(interrupted(), 20);
  t.equal(clock.now(), 60_000 + 2 * 9 * 50 - 150, 'but for the first 100 ms of it');
});

t.test('stopped: waits for what is in flight, sends nothing more', async (t) => {
  const stop = new AbortController();
  const double = await startDouble(t, async (request) => {
    stop.abort();
    return accept(request);
  });
  const client = createApiClient(double.url, CONCURRENCY);
  t.teardown(() => client.close());
  const stats = createStats();
  const run = createRunner({ client, stats, clock: createVirtualClock(), signal: stop.signal });
  function* endless() {
    for (;;) yield patch;
  }
  await run(endless(), Number.POSITIVE_INFINITY);
  t.equal(double.seen.length, 1, 'those in line behind it are dropped');
  t.match(stats, { sent: 1, ok: 1 });
});

t.test('no more than the bound is under way', async (t) => {
  let open = 0;
  let most = 0;
  let isFull = () => {};
  const full = new Promise<void>((resolve) => {
    isFull = resolve;
  });
  const double = await startDouble(t, async (request) => {
    open += 1;
    most = Math.max(most, open);
    if (open === CONCURRENCY) isFull();
    await full;
    open -= 1;
    return accept(request);
  });
  const { run, stats } = setUp(t, double.url);
  await run(registrations(createFleet(CONCURRENCY * 3, createRandom(1))), Number.POSITIVE_INFINITY);
  t.equal(stats.registered, CONCURRENCY * 3);
  t.equal(most, CONCURRENCY);
});
