import { framePrefix } from '@dronecast/events';
import { createClient, RESP_TYPES } from 'redis';
import t, { type Test } from 'tap';
import { Queue, until } from '../../../test/support/queue.js';
import { type RedisServer, requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import {
  BusUnavailable,
  createRedisBus,
  type EventBus,
  MAX_BROADCASTS,
  type Outbox,
  type RedisBusOptions,
} from '../src/index.js';
import { type CreateBus, eventBusContract } from './event-bus-contract.js';
import { LiveRecorder } from './live-recorder.js';
import { orderContract } from './order-contract.js';
import { broadcast, entry, event, markOf, marks, marksUpTo, outbox, readAll } from './outboxes.js';
import { publishAsBefore } from './previous-publish.js';

/** Short, so that a silent server is noticed soon. */
const TIMEOUT_MS = 500;

function createBus(t: Test, url: string, options: Partial<RedisBusOptions> = {}): EventBus {
  const log = { info() {}, warn() {} };
  const bus = createRedisBus({
    maxEvents: 100_000,
    maxAgeHours: 24,
    timeoutMs: TIMEOUT_MS,
    log,
    ...options,
    url,
  });
  t.teardown(() => bus.close());
  return bus;
}

async function connectedBus(t: Test, url: string, options?: Partial<RedisBusOptions>): Promise<EventBus> {
  const bus = createBus(t, url, options);
  await until(() => bus.isReady());
  return bus;
}

async function plainClient(t: Test, url: string) {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  t.teardown(() => client.destroy());
  return client;
}

async function follow(bus: EventBus): Promise<LiveRecorder> {
  const live = new LiveRecorder();
  bus.subscribe(live);
  await live.until('connected');
  return live;
}

/** Publishes as soon as the bus is back. */
const publishWhenBack = (bus: EventBus, ...args: Parameters<typeof outbox>): Promise<void> =>
  until(() =>
    bus.publish([outbox(...args)]).then(
      () => true,
      () => false,
    ),
  );

/** What a failover to a replica that was behind comes to: takes Redis back to where it was when this was called. */
async function rememberState(t: Test, url: string): Promise<() => Promise<void>> {
  const client = (await plainClient(t, url)).withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
  const saved = await Promise.all(
    (await client.keys('*')).map(async (key) => ({ key: key.toString(), dump: await client.dump(key) })),
  );
  return async () => {
    await client.flushAll();
    for (const { key, dump } of saved) await client.restore(key, 0, dump);
  };
}

function sharedServerTests(t: Test, server: RedisServer): void {
  const test = (title: string, run: (t: Test, bus: EventBus) => Promise<void>): void => {
    t.test(title, async (t) => {
      const client = await plainClient(t, server.url);
      await client.flushAll();
      await run(t, await connectedBus(t, server.url));
    });
  };

  const createRedis: CreateBus = async (t, limits) => {
    const client = await plainClient(t, server.url);
    await client.flushAll();
    return connectedBus(t, server.url, limits);
  };
  eventBusContract(t, 'redis', createRedis);
  orderContract(t, 'redis', createRedis);

  test('a publisher notices that what it published is lost, and starts a new history', async (t, bus) => {
    const other = await connectedBus(t, server.url);
    await bus.publish([outbox(1, 2)]);
    const { epoch } = await readAll(bus);
    const goBack = await rememberState(t, server.url);
    await other.publish([outbox(3, 4)]);
    await bus.publish([outbox(5, 6)]);
    await goBack();
    await bus.publish([outbox(7, 8)]);
    const renewed = await readAll(bus);
    t.not(renewed.epoch, epoch);
    t.same(marks(renewed.events), ['DRN-1/7', 'DRN-1/8']);
    await other.publish([outbox(9, 9)]);
    t.equal(
      (await readAll(bus)).epoch,
      renewed.epoch,
      'another witness of the same loss does not renew it again',
    );
    t.same(marks((await readAll(bus)).events), ['DRN-1/7', 'DRN-1/8', 'DRN-1/9']);
  });

  test('a reader notices that its place is lost, even when the history has grown past it', async (t, bus) => {
    const newcomer = await connectedBus(t, server.url);
    await bus.publish([outbox(1, 2)]);
    const goBack = await rememberState(t, server.url);
    await bus.publish([outbox(3, 4)]);
    const { newest } = await readAll(bus);
    await goBack();
    // In the same millisecond the lost place would be given again.
    await until(() => Date.now() > newest.ms);
    await newcomer.publish([outbox(5, 6)]);
    const page = await bus.read(newest, 10);
    t.equal(page.isKnown, false);
    t.same(marks(page.events), ['DRN-1/5', 'DRN-1/6']);
  });

  test('several processes that publish the same outboxes publish them once', async (t, bus) => {
    const live = await follow(bus);
    const other = await connectedBus(t, server.url);
    const keys = ['A', 'B', 'C'];
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        (i % 2 ? bus : other).publish(keys.map((key) => outbox(1, i + 1, key))),
      ),
    );
    const { events } = await readAll(other);
    t.equal(events.length, 90);
    for (const key of keys) {
      t.same(marks(events.filter(({ channel }) => channel === `drone:${key}:updated`)), marksUpTo(30, key));
    }
    t.same(
      (await live.messages(90)).map(([, text]) => text),
      events.map(({ frame }) => frame.toString()),
    );
  });

  test('all processes share one epoch', async (t, bus) => {
    const other = await connectedBus(t, server.url);
    const pages = await Promise.all([readAll(bus), readAll(other)]);
    t.equal(pages[0].epoch, pages[1].epoch);
  });

  test('goes on after the server has forgotten its scripts', async (t, bus) => {
    const client = await plainClient(t, server.url);
    await bus.publish([outbox(1, 1)]);
    await client.scriptFlush();
    await bus.publish([outbox(1, 2)]);
    await client.scriptFlush();
    t.same(marks((await readAll(bus)).events), marksUpTo(2));
  });

  test('data that is lost begins a new epoch', async (t, bus) => {
    const client = await plainClient(t, server.url);
    await bus.publish([outbox(1, 3)]);
    const before = await readAll(bus);
    const live = await follow(bus);

    await client.flushAll();
    await bus.publish([outbox(3, 4)]);
    const after = await readAll(bus);
    t.not(after.epoch, before.epoch);
    t.same(marks(after.events), ['DRN-1/3', 'DRN-1/4']);
    for (const [, text] of await live.messages(2)) t.ok(text.startsWith(framePrefix(after.epoch)));
  });

  test('old events expire by age', async (t, bus) => {
    const client = await plainClient(t, server.url);
    const old = await readAll(bus);
    for (let i = 1; i <= 300; i++) {
      await client.xAdd('{dronecast}:events', `${1000 + i}-0`, { channel: 'drone:OLD:updated', event: '{}' });
    }
    await bus.publish([outbox(1, 1)]);
    await bus.trim();
    const { events, floor, epoch } = await readAll(bus);
    t.equal(epoch, old.epoch);
    t.ok(events.length < 150, `${events.length} events left`);
    t.same(floor, events[0]?.id);
    t.equal(markOf(events.at(-1)?.frame.toString() ?? ''), 'DRN-1/1');
  });

  test('what is kept of a key expires only after it was forgotten', async (t, bus) => {
    const client = await plainClient(t, server.url);
    const keys = ['{dronecast}:seq:DRN-1', '{dronecast}:names:DRN-1'];
    const ttls = () => Promise.all(keys.map((key) => client.ttl(key)));
    const commit = (seq: number) => ({ ...entry(seq), name: `commit${seq}` });
    await bus.publish([{ key: 'DRN-1', entries: [commit(1), commit(2)] }]);
    t.same(await ttls(), [-1, -1]);
    await bus.forget(['DRN-1', 'unknown']);
    for (const ttl of await ttls()) t.ok(ttl > 3600);
    await bus.publish([{ key: 'DRN-1', entries: [commit(3)], isTail: true }]);
    t.same(await ttls(), [-1, -1]);
    t.equal(await client.get('{dronecast}:seq:DRN-1'), '3', 'a number, which earlier versions read');
    await bus.publish([{ key: 'once', entries: [commit(1)], ttlSeconds: 100 }]);
    t.ok((await client.ttl('{dronecast}:seq:once')) > 50);
  });

  test('an event that a failover lost never has the id of another one', async (t, bus) => {
    const goBack = await rememberState(t, server.url);
    const ids = new Set<string>();
    for (let n = 0; n < 20; n += 1) {
      await bus.publish([outbox(1, 3)]);
      for (const { id } of (await readAll(bus)).events) ids.add(`${id.ms}-${id.n}`);
      // The clock of the new master is as slow as can be: it gives the same milliseconds again.
      await goBack();
    }
    t.equal(ids.size, 60);
  });

  test('a user that may not publish to a channel writes nothing', async (t, bus) => {
    const admin = await plainClient(t, server.url);
    const rules = ['on', '>secret', '~{dronecast}:*', '+@all', 'resetchannels'];
    await admin.sendCommand(['ACL', 'SETUSER', 'narrow', ...rules, '&drone:DRN-1:*']);
    const warnings: string[] = [];
    const narrow = await connectedBus(t, server.url.replace('://', '://narrow:secret@'), {
      log: { info() {}, warn: (_details, message) => warnings.push(message) },
    });
    const before = await readAll(bus);
    for (let n = 0; n < 3; n += 1)
      await t.rejects(narrow.publish([outbox(1, 2), outbox(1, 2, 'DRN-2')]), {
        name: 'Error',
        message: /NOPERM this user may not publish to the channel drone:DRN-2:updated/,
      });
    t.same(await readAll(bus), before, 'not even what it may publish');

    // Copies are for others: an event is not held up by them.
    const incident = { seq: 1, events: [event('seen', 'DRN-1', 'incident')] };
    for (let n = 0; n < 3; n += 1) await narrow.publish([{ key: 'DRN-1', entries: [incident] }]);
    t.same(marks((await readAll(bus)).events), ['seen']);
    t.equal(warnings.length, 1);
    t.match(warnings[0], /refuses copies .* docs\/SECRETS\.md/);
  });

  test('a publisher of the version before adds no broadcast, and removes none', async (t, bus) => {
    const client = await plainClient(t, server.url);
    const broadcastMarks = async () => (await bus.readBroadcasts(MAX_BROADCASTS)).map(markOf);
    const [{ events } = { events: [] }] = broadcast('of before').entries;
    await bus.publish([broadcast('first')]);
    await publishAsBefore(client, { seq: 1, key: 'broadcast:1', events });
    t.same(await broadcastMarks(), ['first']);
    await bus.publish([broadcast('second')]);
    t.same(await broadcastMarks(), ['second', 'first']);
    t.same(marks((await readAll(bus)).events), ['first', 'of before', 'second']);
  });

  test('a user that may not touch the list of broadcasts publishes them all the same', async (t, bus) => {
    const client = await plainClient(t, server.url);
    for (const [user, ...rules] of [
      // The keys one by one, as they were before there was the list.
      [
        'keys',
        ...['~{dronecast}:events', '~{dronecast}:epoch', '~{dronecast}:history*', '~{dronecast}:seq:*'],
        ...['~{dronecast}:names:*', '+@all'],
      ],
      ['commands', '~{dronecast}:*', '+@all', '-@list'],
      ['kinds', '~{dronecast}:*', '+@all', '-type', '-lrange'],
    ] as const) {
      await client.sendCommand(['ACL', 'SETUSER', user, 'on', '>secret', 'allchannels', ...rules]);
      t.teardown(() => client.sendCommand(['ACL', 'DELUSER', user]));
      const warnings: string[] = [];
      const log = { info() {}, warn: (_: object, message: string) => warnings.push(message) };
      const narrow = await connectedBus(t, server.url.replace('//', `//${user}:secret@`), { log });
      for (const mark of ['a', 'b']) await narrow.publish([broadcast(`${user} ${mark}`), outbox(1, 1, mark)]);
      const { events } = await readAll(bus);
      t.same(
        marks(events).filter((mark) => mark.startsWith(user)),
        [`${user} a`, `${user} b`],
      );
      t.same(await bus.readBroadcasts(MAX_BROADCASTS), []);
      t.equal(warnings.length, 1, 'it is said once');
      t.match(warnings[0], /list of broadcasts.*docs\/SECRETS\.md/);
      await t.rejects(narrow.readBroadcasts(1), /NOPERM/);
    }
  });

  test('a key of another kind where the list of broadcasts belongs: nothing is written by half', async (t, bus) => {
    const client = await plainClient(t, server.url);
    await client.set('{dronecast}:broadcasts', 'of another program');
    await t.rejects(bus.publish([outbox(1, 1), broadcast('a')]), /WRONGTYPE .*holds a string/);
    t.same((await readAll(bus)).events, []);
    await bus.publish([outbox(1, 1)]);
    await client.del('{dronecast}:broadcasts');
    await bus.publish([broadcast('a')]);
    t.same(marks((await readAll(bus)).events), ['DRN-1/1', 'a']);
    t.equal((await bus.readBroadcasts(1)).length, 1);
  });

  test('an outbox that Redis refuses is told from an outage, which concerns all', async (t, bus) => {
    const client = await plainClient(t, server.url);
    await client.lPush('{dronecast}:seq:DRN-1', 'what others have put there');
    await t.rejects(bus.publish([outbox(1, 2)]), { name: 'Error', message: /^WRONGTYPE/ });
    t.same(await bus.publish([outbox(1, 2, 'DRN-2')]), new Map());
    const malformed = { key: 'DRN-3', entries: [{ seq: 1, events: [{ channel: 'drone:DRN-3:updated' }] }] };
    await t.rejects(bus.publish([malformed as unknown as Outbox]), { name: 'TypeError' });
    t.same(marks((await readAll(bus)).events), marksUpTo(2, 'DRN-2'));

    const replicated = await connectedBus(t, server.url, { waitReplicas: 1 });
    await t.rejects(replicated.publish([outbox(1, 3, 'DRN-2')]), { name: 'BusUnavailable' });
    await client.configSet('min-replicas-to-write', '1');
    t.teardown(() => client.configSet('min-replicas-to-write', '0'));
    await t.rejects(bus.publish([outbox(1, 4, 'DRN-2')]), { name: 'BusUnavailable', message: /^NOREPLICAS/ });
  });

  test('what others publish arrives as it is', async (t, bus) => {
    const live = await follow(bus);
    const client = await plainClient(t, server.url);
    const messages: [string, string][] = [
      ['drone:DRN-9:thermal', '{ "töne" : [1,\n2] }'],
      ['system:maintenance', 'no JSON'],
      ['drone:all:updated', ''],
    ];
    await client.publish('other:DRN-9:updated', 'not ours');
    for (const [channel, text] of messages) await client.publish(channel, text);
    t.same(await live.messages(3), messages);
  });

  test('plain subscribers get copies on the fleet channels', async (t, bus) => {
    const client = await plainClient(t, server.url);
    const received = new Queue<[channel: string, text: string]>();
    await client.pSubscribe('*', (text, channel) => received.push([channel, text]));
    const kinds = ['created', 'updated', 'incident', 'deleted'] as const;
    await bus.publish([
      { key: 'DRN-1', entries: [{ seq: 1, events: kinds.map((kind) => event(kind, 'DRN-1', kind)) }] },
    ]);

    const texts = (await readAll(bus)).events.map(({ frame }) => frame.toString());
    t.same(await received.take(7), [
      ['drone:DRN-1:created', texts[0]],
      ['drone:all:created', texts[0]],
      ['drone:DRN-1:updated', texts[1]],
      ['drone:DRN-1:incident', texts[2]],
      ['incidents:all', texts[2]],
      ['drone:DRN-1:deleted', texts[3]],
      ['drone:all:deleted', texts[3]],
    ]);
  });

  test('reserved channels are closed to others', async (t, bus) => {
    const live = await follow(bus);
    const client = await plainClient(t, server.url);
    for (const channel of ['drone:all:created', 'drone:all:deleted', 'incidents:all', 'drone:all:custom']) {
      await client.publish(channel, '{}');
    }
    t.same(await live.messages(1), [['drone:all:custom', '{}']]);
  });

  test('a subscription that is cut comes back', async (t, bus) => {
    const live = await follow(bus);
    const client = await plainClient(t, server.url);
    t.equal(
      await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'pubsub']),
      1,
      'no other subscription is left',
    );
    await live.until('disconnected');
    await live.until('connected');
    await bus.publish([outbox(1, 1)]);
    t.same(
      (await live.messages(1)).map(([channel]) => channel),
      ['drone:DRN-1:updated'],
    );
    t.equal(bus.isReady(), true, 'publishing was not concerned');
  });

  test('close ends subscriptions and connections', async (t, bus) => {
    const live = await follow(bus);
    await bus.close();
    t.equal(bus.isReady(), false);
    await t.rejects(bus.publish([outbox(1, 1)]));
    await t.rejects(readAll(bus));
    const other = await connectedBus(t, server.url);
    await other.publish([outbox(1, 1)]);
    t.equal(live.length, 0);
    await bus.close();
  });
}

function outageTests(t: Test): void {
  t.test('a server that is away: publish rejects at once, and works when it is back', async (t) => {
    const server = await startRedis(t);
    const bus = await connectedBus(t, server.url);
    await bus.publish([outbox(1, 1)]);
    const { epoch } = await readAll(bus);

    await server.stop();
    await until(() => !bus.isReady());
    await t.rejects(bus.publish([outbox(1, 2)]), new BusUnavailable('redis is away'));
    await t.rejects(readAll(bus));

    await server.restart();
    await publishWhenBack(bus, 1, 2);
    const page = await readAll(bus);
    t.not(page.epoch, epoch, 'the server keeps nothing on disk');
    t.same(marks(page.events), marksUpTo(2));
  });

  t.test('a server that keeps its data keeps epoch and history through kill -9', async (t) => {
    const server = await startRedis(t, {
      args: ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'],
    });
    const bus = await connectedBus(t, server.url);
    await bus.publish([outbox(1, 3)]);
    const before = await readAll(bus);
    await server.stop('SIGKILL');
    await server.restart();
    await publishWhenBack(bus, 2, 4);
    const after = await readAll(bus);
    t.equal(after.epoch, before.epoch);
    t.same(marks(after.events), marksUpTo(4));
    t.same(after.events.slice(0, 3), before.events);
  });

  t.test('a subscription outlives a restart', async (t) => {
    const server = await startRedis(t);
    const bus = await connectedBus(t, server.url);
    const live = await follow(bus);
    await server.restart();
    await live.until('disconnected');
    await live.until('connected');
    await publishWhenBack(bus, 1, 1);
    t.equal(markOf((await live.messages(1))[0]?.[1] ?? ''), 'DRN-1/1');
  });

  t.test('a bus may be created before its server', async (t) => {
    const server = await startRedis(t);
    await server.stop();
    const bus = createBus(t, server.url);
    const live = new LiveRecorder();
    bus.subscribe(live);
    await live.until('disconnected');
    t.equal(bus.isReady(), false);
    await t.rejects(bus.publish([outbox(1, 1)]));
    await server.restart();
    await live.until('connected');
    await publishWhenBack(bus, 1, 1);
    t.equal((await live.messages(1)).length, 1);
  });

  t.test('a silent server is noticed while commands go out, and used again when it wakes', async (t) => {
    const server = await startRedis(t);
    const bus = await connectedBus(t, server.url);
    const live = await follow(bus);
    await bus.publish([outbox(1, 1)]);
    await live.messages(1);

    server.kill('SIGSTOP');
    const outcomes = new Queue<string>();
    const publishing = setInterval(() => {
      bus.publish([outbox(1, 2)]).then(
        () => outcomes.push('published'),
        () => outcomes.push('rejected'),
      );
    }, TIMEOUT_MS / 10);
    t.teardown(() => clearInterval(publishing));
    t.equal(await outcomes.next(), 'rejected');
    await until(() => !bus.isReady());
    await live.until('disconnected');
    clearInterval(publishing);

    server.kill('SIGCONT');
    await live.until('connected');
    await publishWhenBack(bus, 1, 3);
    t.same(marks((await readAll(bus)).events), marksUpTo(3), 'what had reached the server counts once');
    await live.find((call) => call.type === 'message' && markOf(call.text) === 'DRN-1/3');
  });
}

if (requiresRedis(t)) {
  t.test('on one server', async (t) => sharedServerTests(t, await startRedis(t)));
  outageTests(t);
}
