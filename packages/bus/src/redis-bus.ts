import { randomInt } from 'node:crypto';
import {
  CHANNEL_PATTERNS,
  formatStreamId,
  isCopyChannel,
  parseStreamId,
  STREAM_START,
  type StreamId,
  withId,
} from '@dronecast/events';
import { createEpoch } from './epoch.js';
import {
  BusUnavailable,
  type EventBus,
  type HistoryLimits,
  type LiveListener,
  MAX_PAGE_BYTES,
  type Outbox,
} from './event-bus.js';
import { type PublishCall, splitCalls } from './publish-call.js';
import { PUBLISH } from './publish-script.js';
import { createRedisHistory } from './redis-history.js';
import { BROADCASTS_KEY, EPOCH_KEY, leaseKey, namesKey, STREAM_KEY, seqKey, WAIT_KEY } from './redis-keys.js';
import {
  createPatience,
  createRedisLink,
  DEFAULT_TIMEOUT_MS,
  type RedisClient,
  type RedisConnection,
} from './redis-link.js';
import { createRedisMemory, isForbidden } from './redis-memory.js';
import { runScript, type Script } from './redis-script.js';
import { LEASE, READ, RENEW } from './redis-scripts.js';

/** The limits concern those who publish; by default 100,000 events, 24 hours and 256 MiB. */
export interface RedisBusOptions extends Partial<HistoryLimits>, RedisConnection {
  /** So many replicas must have what is published before it counts as published. Default 0: the master is enough. */
  readonly waitReplicas?: number | undefined;
}

/** The bus of several processes: a capped stream for the history, PUBLISH for the live feed. */
export function createRedisBus({
  maxEvents = 100_000,
  maxAgeHours = 24,
  maxBytes,
  waitReplicas = 0,
  ...connection
}: RedisBusOptions): EventBus {
  const link = createRedisLink(connection, 'command');
  const patiently = createPatience(connection);
  let witness: Witness = ['', formatStreamId(STREAM_START)];
  const subscriptions = new Set<{ unsubscribe(): Promise<void> }>();

  const use = <T>(command: (client: RedisClient) => Promise<T>): Promise<T> =>
    patiently(() => link.use(command));
  const run = (script: Script, keys: string[], args: string[]): Promise<unknown> =>
    use((client) => runScript(client, script, keys, args));

  const { log } = connection;
  const history = createRedisHistory({ run, limits: { maxEvents, maxAgeHours, maxBytes }, log });
  const memory = createRedisMemory({
    readInfo: () => use((client) => client.info('memory')),
    log,
  });

  /** History must never be what keeps Redis full, whatever its limits are. */
  async function makeRoom(): Promise<void> {
    const maxmemory = await memory.readMaxmemory();
    await history.trim(maxmemory ? maxmemory / 2 : undefined);
  }

  /** A server that waits answers nothing else: it must not be taken for dead. */
  const waitMs = Math.floor((connection.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 4);

  /** A replica that has what was written last has all before it. */
  async function waitForReplicas(): Promise<void> {
    const written = (client: RedisClient) =>
      Promise.all([client.set(WAIT_KEY, ''), client.wait(waitReplicas, waitMs)]);
    const [, replicas] = await memory.run(() => use(written), makeRoom);
    if (replicas < waitReplicas)
      throw new Error(`only ${replicas} replicas of redis have what was published`);
  }

  let mayKeepBroadcasts = true;

  /** A user that may not touch the list of broadcasts publishes them all the same. */
  async function publishCall(call: PublishCall): Promise<PublishReply> {
    if (!call.hasBroadcast || !mayKeepBroadcasts) return publishKeys(call.keys, call);
    try {
      return await publishKeys([...call.keys, BROADCASTS_KEY], call);
    } catch (error) {
      if (!isForbidden(error)) throw error;
      const reply = await publishKeys(call.keys, call);
      mayKeepBroadcasts = false;
      log.warn(
        { err: error },
        'redis refuses the list of broadcasts, so that none are kept: give its ACL user what docs/SECRETS.md says, and restart',
      );
      return reply;
    }
  }

  /** Memory is short when a call was to write something and could not. */
  async function publishKeys(keys: readonly string[], { args }: PublishCall): Promise<PublishReply> {
    const step = String(randomInt(1, MAX_ID_STEP));
    const all = [createEpoch(), ...witness, step, ...args];
    let reply: PublishReply | undefined;
    await memory.run(async () => {
      reply = (await run(PUBLISH, [STREAM_KEY, EPOCH_KEY, ...keys], all)) as PublishReply;
      return reply[1];
    }, makeRoom);
    return reply as unknown as PublishReply;
  }

  let hasWarnedOfCopies = false;
  function warnOfCopies(): void {
    if (hasWarnedOfCopies) return;
    hasWarnedOfCopies = true;
    log.warn(
      {},
      'redis refuses copies of events on drone:all:* or incidents:all: give its ACL user what docs/SECRETS.md says',
    );
  }

  async function publish(outboxes: readonly Outbox[]): Promise<Map<string, number>> {
    let last: Witness | undefined;
    const behind = new Map<string, number>();
    for (const call of splitCalls(outboxes)) {
      history.prepare(call.bytes, call.events);
      const [epoch, id, mayCopy, notNext] = await publishCall(call);
      if (id) last = [epoch, id];
      if (mayCopy === 0) warnOfCopies();
      for (const [index, seq] of notNext) behind.set(call.outboxKeys[index] ?? '', seq);
    }
    if (waitReplicas > 0) await waitForReplicas();
    // What a failover may lose is nothing to be a witness of.
    if (last) witness = last;
    return behind;
  }

  return {
    name: 'redis',

    async publish(outboxes) {
      try {
        return await publish(outboxes);
      } catch (error) {
        const { message } = error as Error;
        throw isRefusal(error) ? error : new BusUnavailable(message, { cause: error });
      }
    },

    async forget(keys) {
      const all = keys.flatMap((key) => [seqKey(key), namesKey(key)]);
      await use((client) => Promise.all(all.map((key) => client.expire(key, FORGET_AFTER_S))));
    },

    async read(after, limit) {
      const args = [createEpoch(), formatStreamId(after), String(limit), String(MAX_PAGE_BYTES)];
      const reply = await memory.run(() => run(READ, [STREAM_KEY, EPOCH_KEY], args));
      const [epoch, floor, newest, isKnown, entries, now] = reply as HistoryReply;
      return {
        epoch,
        floor: toStreamId(floor),
        newest: toStreamId(newest),
        isKnown: isKnown === 1,
        now,
        events: entries.map(([id, [, channel, , body]]) => ({
          id: toStreamId(id),
          channel,
          frame: Buffer.from(withId(`${epoch}.${id}`, body)),
        })),
      };
    },

    readBroadcasts: (limit) => use((client) => client.lRange(BROADCASTS_KEY, 0, limit - 1)),

    async trim() {
      await history.trim();
      // Nothing but a write shows whether there is room now.
      if (memory.isFull()) await memory.run(() => use((client) => client.set(WAIT_KEY, '')), makeRoom);
    },

    async renew(epoch) {
      await memory.run(() => run(RENEW, [STREAM_KEY, EPOCH_KEY], [createEpoch(), epoch]));
    },

    subscribe(listener) {
      const subscription = subscribe(connection, listener);
      subscriptions.add(subscription);
      return subscription;
    },

    async lease(name, holder, ms) {
      const args = [holder, String(ms)];
      return (await memory.run(() => run(LEASE, [leaseKey(name)], args), makeRoom)) === 1;
    },

    isReady: link.isReady,
    isFull: memory.isFull,

    async close() {
      await Promise.all([...subscriptions].map((subscription) => subscription.unsubscribe()));
      link.close();
    },
  };
}

function subscribe(connection: RedisConnection, listener: LiveListener): { unsubscribe(): Promise<void> } {
  const onMessage = (payload: Buffer, channelName: Buffer): void => {
    const channel = channelName.toString();
    if (isCopyChannel(channel)) return;
    // A listener that throws would end the subscription for good.
    try {
      listener.message(channel, payload);
    } catch (error) {
      connection.log.warn({ err: error, channel }, 'message not handled');
    }
  };

  const link = createRedisLink(connection, 'subscription', {
    async connected(client) {
      await client.pSubscribe([...CHANNEL_PATTERNS], onMessage, true);
      listener.connected();
    },
    disconnected: listener.disconnected.bind(listener),
  });

  return {
    async unsubscribe() {
      link.close();
    },
  };
}

/** What {@link READ} returns; an entry's fields are `channel`, its value, `event`, its value. */
type HistoryReply = [
  epoch: string,
  floor: string,
  newest: string,
  isKnown: number,
  entries: [string, [string, string, string, string]][],
  now: number,
];

/** Where the last event is that this process published. */
type Witness = [epoch: string, place: string];

/** What {@link PUBLISH} returns. */
type PublishReply = [epoch: string, id: string, mayCopy: number, behind: [index: number, seq: number][]];

/** Seconds for which a late duplicate of an outbox that has ended is still recognized. */
const FORGET_AFTER_S = 86_400;
/** So rarely an id is given to a second event after a failover has lost the first one. */
const MAX_ID_STEP = 1_000_000;

/** What Redis or its client has against an outbox of this call. All else concerns every outbox. */
const isRefusal = (error: unknown): boolean =>
  error instanceof TypeError ||
  (error instanceof Error &&
    /^(NOPERM this user may not publish|WRONGTYPE|ERR user_script)\b/.test(error.message));

const toStreamId = (text: string): StreamId => parseStreamId(text) ?? STREAM_START;
