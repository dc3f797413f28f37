import { createClient } from 'redis';
import t, { type Test } from 'tap';
import { Queue, until } from '../../../test/support/queue.js';
import { type RedisServer, requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { createRedisBus, type EventBus, type RedisBusOptions } from '../src/index.js';
import { largeOutbox, marks, marksUpTo, outbox, readAll } from './outboxes.js';
import { publishAsBefore } from './previous-publish.js';

const MiB = 1024 * 1024;
const MAXMEMORY = 48 * MiB;
const STREAM = '{dronecast}:events';
const OTHER_KEY = 'of-another-program';

const skip = !requiresRedis(t) && 'redis-server missing';

type Client = ReturnType<typeof createClient>;

interface Setup {
  readonly server: RedisServer;
  readonly client: Client;
  /** A bus of its own process; `warnings` are its log's. */
  readonly connect: (
    options?: Partial<RedisBusOptions>,
  ) => Promise<{ bus: EventBus; warnings: Queue<string> }>;
}

async function connectClient(t: Test, url: string): Promise<Client> {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  t.teardown(() => client.destroy());
  return client as Client;
}

async function setUp(t: Test, maxmemory = MAXMEMORY): Promise<Setup> {
  const args = ['--save', '', '--maxmemory', `${maxmemory}`, '--maxmemory-policy', 'noeviction'];
  const server = await startRedis(t, { args });
  return {
    server,
    client: await connectClient(t, server.url),
    async connect(options = {}) {
      const warnings = new Queue<string>();
      const log = {
        info: () => {},
        warn: (details: object, message: string) =>
          warnings.push(`${message}: ${(details as { err?: Error }).err?.message}`),
      };
      const bus = createRedisBus({ url: server.url, timeoutMs: 5000, log, ...options });
      t.teardown(() => bus.close());
      await until(() => bus.isReady());
      return { bus, warnings };
    },
  };
}

async function usedMemory(client: Client): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1]);
}

const historyBytes = async (client: Client): Promise<number> =>
  (await client.memoryUsage(STREAM, { SAMPLES: 0 })) ?? 0;

/** Until Redis refuses. Returns how often it did not. */
async function repeatUntilFull(command: (n: number) => Promise<unknown>): Promise<number> {
  for (let n = 1; ; n += 1) {
    try {
      await command(n);
    } catch (error) {
      if (!/^OOM /.test((error as Error).message)) throw error;
      return n - 1;
    }
  }
}

/** Full for certain, also once Redis has given back the buffers of those who filled it. Returns the new maxmemory. */
async function lowerMaxmemory(client: Client): Promise<number> {
  const maxmemory = (await usedMemory(client)) - MiB;
  await client.configSet('maxmemory', `${maxmemory}`);
  return maxmemory;
}

/** What another program keeps in Redis, until nothing more fits. Returns the new maxmemory. */
async function fillByOthers(client: Client): Promise<number> {
  await repeatUntilFull(() => client.append(OTHER_KEY, 'x'.repeat(MiB / 2)));
  return lowerMaxmemory(client);
}

/** The history that an API of the version before has left: as much as fits. Returns the number of events. */
async function fillAsBefore(client: Client, bytes: number): Promise<number> {
  const each = bytes > 10_000 ? 1 : 20;
  const entries = await repeatUntilFull((seq) => {
    const { entries } = largeOutbox((seq - 1) * each + 1, seq * each, bytes, 'OLD');
    return publishAsBefore(client, { seq, events: entries.flatMap(({ events }) => events) });
  });
  await lowerMaxmemory(client);
  return entries * each;
}

t.test('full by a history that an earlier version has left', { skip }, async (t) => {
  for (const bytes of [1000, 200_000]) {
    t.test(`events of ${bytes} bytes: a publish heals it`, async (t) => {
      const { client, connect } = await setUp(t);
      const count = await fillAsBefore(client, bytes);
      const { bus, warnings } = await connect({ maxBytes: 8 * MiB });
      await bus.publish([outbox(1, 1)]);
      t.ok((await historyBytes(client)) < 8 * MiB);
      const { epoch, events } = await readAll(bus);
      t.equal(epoch, '0ld', 'the history goes on');
      const expected = [...marksUpTo(count, 'OLD').slice(-(events.length - 1)), 'DRN-1/1'];
      t.same(marks(events), expected, 'the newest are kept');
      t.ok((await historyBytes(client)) > 4 * MiB, 'as much as fits is kept');
      t.equal(bus.isFull(), false);
      t.equal(warnings.length, 0);
    });
  }

  t.test('it heals when nobody publishes, and leases are given again', async (t) => {
    const { client, connect } = await setUp(t);
    await fillAsBefore(client, 200_000);
    const { bus } = await connect({ maxBytes: 8 * MiB });
    await bus.trim();
    t.ok((await historyBytes(client)) < 8 * MiB);
    t.equal(await bus.lease('sweeper', 'a', 1000), true);
  });

  t.test('an API of the version before beside this one stays within the bytes, too', async (t) => {
    const { client, connect } = await setUp(t, 0);
    const { bus } = await connect({ maxBytes: 4 * MiB });
    for (let seq = 1; seq <= 200; seq += 1) {
      const { entries } = largeOutbox(seq, seq, seq % 3 ? 50_000 : 100, 'OLD');
      await publishAsBefore(client, { seq, events: entries[0]?.events ?? [] });
      if (seq % 5 === 0) await bus.publish([outbox(seq / 5, seq / 5)]);
      if (seq % 20 === 0) {
        await bus.trim();
        const bytes = await historyBytes(client);
        t.ok(bytes < 4 * MiB, `${bytes} bytes after ${seq}`);
      }
    }
    t.ok((await historyBytes(client)) > 3 * MiB);
  });
});

t.test('limits of bytes that Redis has no room for', { skip }, async (t) => {
  t.test('publishing goes on, and Redis is full no longer than for a moment', async (t) => {
    const { client, connect } = await setUp(t);
    const { bus } = await connect();
    let most = 0;
    for (let seq = 1; seq <= 400; seq += 1) {
      await bus.publish([largeOutbox(seq, seq, 200_000)]);
      most = Math.max(most, await usedMemory(client));
    }
    t.ok(most < MAXMEMORY + MiB, `${most} bytes used at most`);
    const { events } = await readAll(bus);
    t.same(marks(events), marksUpTo(400).slice(-events.length));
    t.ok(events.length > 50, `${events.length} events kept`);
    t.equal(bus.isFull(), false);
  });

  t.test('a lease makes room when nobody publishes', async (t) => {
    const { client, connect } = await setUp(t);
    await fillAsBefore(client, 200_000);
    const { bus } = await connect();
    await bus.trim();
    t.equal(await bus.lease('sweeper', 'a', 1000), true);
    const used = await usedMemory(client);
    t.ok(used < MAXMEMORY * 0.6, `${used} bytes used`);
  });
});

t.test('full by other keys', { skip }, async (t) => {
  t.test('publishing is refused and announced, the history stays, and it heals when they go', async (t) => {
    const { client, connect } = await setUp(t);
    const { bus, warnings } = await connect();
    await bus.publish([largeOutbox(1, 20, 100_000)]);
    const before = await readAll(bus);
    const maxmemory = await fillByOthers(client);
    const usedBefore = await usedMemory(client);

    const refusal = {
      message: `Redis is out of memory (maxmemory ${maxmemory}): events wait in the database until it has room`,
    };
    for (let n = 0; n < 20; n += 1) await t.rejects(bus.publish([largeOutbox(21, 40, 100_000)]), refusal);
    await t.rejects(bus.lease('sweeper', 'a', 1000), refusal);
    await t.rejects(bus.trim(), refusal);
    t.equal(bus.isFull(), true);
    t.equal(bus.isReady(), true, 'it is there');
    t.match(await warnings.take(1), [new RegExp(`redis is out of memory: .*maxmemory ${maxmemory}`)]);
    t.equal(warnings.length, 0, 'it is said once');
    const used = await usedMemory(client);
    t.ok(used < usedBefore + MiB, `${used} bytes used`);
    t.same(await readAll(bus), before, 'reading goes on, and the history is not what makes room');

    await client.del(OTHER_KEY);
    await bus.trim();
    t.equal(bus.isFull(), false);
    t.equal(await bus.lease('sweeper', 'a', 1000), true);
    await bus.publish([largeOutbox(21, 40, 100_000)]);
    t.same(marks((await readAll(bus)).events), marksUpTo(40));
  });

  t.test('what was published waits for replicas again when there is room', async (t) => {
    const { client, connect } = await setUp(t);
    const { bus } = await connect({ waitReplicas: 0 });
    await bus.publish([outbox(1, 1)]);
    await fillByOthers(client);
    const waiting = await connect({ waitReplicas: 1, timeoutMs: 200 });
    await t.rejects(waiting.bus.publish([outbox(1, 1)]), /Redis is out of memory/);
    await client.del(OTHER_KEY);
    await t.rejects(waiting.bus.publish([outbox(1, 1)]), /only 0 replicas/);
  });

  t.test('a new epoch is refused before anything is lost', async (t) => {
    const { client, connect } = await setUp(t);
    const { bus } = await connect();
    await bus.publish([outbox(1, 3)]);
    const before = await readAll(bus);
    await fillByOthers(client);
    await t.rejects(bus.renew(before.epoch), /Redis is out of memory/);
    t.same(await readAll(bus), before);
    await client.del(OTHER_KEY);
    await bus.renew(before.epoch);
    t.not((await readAll(bus)).epoch, before.epoch);
  });

  t.test('a reader of a Redis that has no epoch yet waits, says why, and heals', async (t) => {
    const { client, connect } = await setUp(t);
    await fillByOthers(client);
    const { bus, warnings } = await connect();
    for (let n = 0; n < 3; n += 1) await t.rejects(readAll(bus), /Redis is out of memory/);
    t.match(await warnings.take(1), [/redis is out of memory/]);
    t.equal(warnings.length, 0);
    await client.del(OTHER_KEY);
    t.match(await readAll(bus), { events: [] });
  });
});

t.test('a user of Redis that may not ask how much memory it has', { skip }, async (t) => {
  const { server, client, connect } = await setUp(t);
  // As docs/SECRETS.md had it.
  await client.sendCommand([
    ...['ACL', 'SETUSER', 'before', 'on', '>sesame', 'resetchannels', '~{dronecast}:*', '~dronecast:*'],
    ...['&drone:*', '&incidents:*', '&system:*', '+@connection', '+@scripting', '+@read', '+@write'],
    ...['+@stream', '+@pubsub', '+time', '-@dangerous'],
  ]);
  const url = server.url.replace('redis://', 'redis://before:sesame@');
  const { bus, warnings } = await connect({ url, maxBytes: 4 * MiB });
  for (let seq = 1; seq <= 40; seq += 1) await bus.publish([largeOutbox(seq, seq, 200_000)]);
  t.ok((await historyBytes(client)) < 4 * MiB, 'the history stays within its limits');
  await fillByOthers(client);
  for (let n = 0; n < 3; n += 1)
    await t.rejects(bus.publish([outbox(41, 41)]), /Redis is out of memory \(maxmemory unknown\)/);
  t.match(await warnings.take(2), [/\+info to its ACL user/, /redis is out of memory/]);
  t.equal(warnings.length, 0, 'each is said once');

  await client.sendCommand(['ACL', 'SETUSER', 'before', '+info']);
  const allowed = await connect({ url });
  await t.rejects(allowed.bus.publish([outbox(41, 41)]), /Redis is out of memory \(maxmemory \d+\)/);
  await client.del(OTHER_KEY);
  await bus.publish([outbox(41, 41)]);
});

t.test(
  'a user of Redis that may not touch the tally of bytes: count and age bound the history',
  { skip },
  async (t) => {
    const { server, client, connect } = await setUp(t);
    await client.sendCommand([
      ...['ACL', 'SETUSER', 'narrow', 'on', '>sesame', 'allchannels', '+@all', '~{dronecast}:events'],
      ...['~{dronecast}:epoch', '~{dronecast}:seq:*', '~{dronecast}:names:*', '~{dronecast}:lease:*'],
    ]);
    const url = server.url.replace('redis://', 'redis://narrow:sesame@');
    const { bus, warnings } = await connect({ url, maxEvents: 100 });
    for (let seq = 1; seq <= 1000; seq += 10) await bus.publish([outbox(seq, seq + 9)]);
    await bus.trim();
    const { events } = await readAll(bus);
    t.ok(events.length < 300, `${events.length} events left`);
    t.match(await warnings.take(1), [/trimmed by count and age only: .*docs\/SECRETS\.md/]);
    t.equal(warnings.length, 0, 'it is said once');
  },
);

t.test('limits that have become smaller take effect by themselves', { skip }, async (t) => {
  const { client, connect } = await setUp(t, 0);
  const { bus } = await connect();
  for (let seq = 1; seq <= 40_000; seq += 1000) await bus.publish([outbox(seq, seq + 999)]);
  t.equal((await readAll(bus)).events.length, 40_000);

  const fewer = await connect({ maxEvents: 1000 });
  await fewer.bus.trim();
  const left = await readAll(bus);
  t.ok(left.events.length >= 1000 && left.events.length < 1100, `${left.events.length} events left`);
  t.same(marks(left.events), marksUpTo(40_000).slice(-left.events.length));

  for (let seq = 40_001; seq <= 40_100; seq += 1) await bus.publish([largeOutbox(seq, seq, 100_000)]);
  const smaller = await connect({ maxBytes: MiB });
  await smaller.bus.trim();
  t.ok((await historyBytes(client)) < MiB);
});

t.test('small and large events, in either order, stay within their bytes', { skip }, async (t) => {
  const { client, connect } = await setUp(t, 0);
  const maxBytes = 6 * MiB;
  const { bus } = await connect({ maxBytes });
  const sizes = [10, 400, 2000, 4100, 8200, 33_000, 200_000];
  let seq = 0;
  let most = 0;
  async function publish(count: number, bytes: number): Promise<void> {
    await bus.publish([largeOutbox(seq + 1, seq + count, bytes)]);
    seq += count;
    most = Math.max(most, await historyBytes(client));
  }
  for (const bytes of [...sizes, ...sizes.toReversed()]) {
    const count = Math.ceil(100_000 / (bytes + 200));
    for (let n = 0; n < 70; n += 1) await publish(count, bytes);
  }
  for (let n = 0; n < 1000; n += 1) await publish(1, sizes[n % sizes.length] ?? 0);
  t.ok(most < maxBytes, `${most} bytes at most`);
  t.ok((await historyBytes(client)) > maxBytes / 2, 'as much as fits is kept');
  const { events } = await readAll(bus);
  t.same(marks(events), marksUpTo(seq).slice(-events.length));
});

t.test('a new epoch counts anew', { skip }, async (t) => {
  const { client, connect } = await setUp(t, 0);
  const { bus } = await connect({ maxBytes: 2 * MiB });
  for (let seq = 1; seq <= 12; seq += 1) await bus.publish([largeOutbox(seq, seq, 100_000)]);
  await bus.trim();
  await bus.renew((await readAll(bus)).epoch);
  for (let seq = 13; seq <= 24; seq += 1) await bus.publish([largeOutbox(seq, seq, 100_000)]);
  await bus.trim();
  t.same(marks((await readAll(bus)).events), marksUpTo(24).slice(12), 'nothing is trimmed for what is gone');
  for (let seq = 25; seq <= 60; seq += 1) await bus.publish([largeOutbox(seq, seq, 100_000)]);
  t.ok((await historyBytes(client)) < 2 * MiB);
});
