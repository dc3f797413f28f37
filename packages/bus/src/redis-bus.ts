import {
  CHANNEL_PATTERNS,
  copyChannel,
  formatStreamId,
  isCopyChannel,
  parseStreamId,
  STREAM_START,
  type StreamId,
  withId,
} from '@dronecast/events';
import { createEpoch } from './epoch.js';
import type { EventBus, HistoryLimits, LiveListener, Outbox } from './event-bus.js';
import { EPOCH_KEY, leaseKey, STREAM_KEY, seqKey, WAIT_KEY } from './redis-keys.js';
import { createPatience, createRedisLink, DEFAULT_TIMEOUT_MS, type RedisConnection } from './redis-link.js';
import { LEASE, PUBLISH, READ, RENEW, runScript, type Script } from './redis-scripts.js';

/** A script call holds up everybody else's commands, so it carries hardly more than this. */
const MAX_CALL_BYTES = 256 * 1024;

/** The limits concern those who publish; by default 100,000 events and 24 hours. */
export interface RedisBusOptions extends Partial<HistoryLimits>, RedisConnection {
  /** So many replicas must have what is published before it counts as published. Default 0: the master is enough. */
  readonly waitReplicas?: number | undefined;
}

/** The bus of several processes: a capped stream for the history, PUBLISH for the live feed. */
export function createRedisBus({
  maxEvents = 100_000,
  maxAgeHours = 24,
  waitReplicas = 0,
  ...connection
}: RedisBusOptions): EventBus {
  const link = createRedisLink(connection, 'command');
  const patiently = createPatience(connection);
  let witness: Witness = ['', formatStreamId(STREAM_START)];
  const subscriptions = new Set<{ unsubscribe(): Promise<void> }>();

  const run = (script: Script, keys: string[], args: string[]): Promise<unknown> =>
    patiently(() => link.use((client) => runScript(client, script, [STREAM_KEY, EPOCH_KEY, ...keys], args)));

  /** A server that waits answers nothing else: it must not be taken for dead. */
  const waitMs = Math.floor((connection.timeoutMs ?? DEFAULT_TIMEOUT_MS) / 4);

  /** A replica that has what was written last has all before it. */
  const waitForReplicas = (): Promise<void> =>
    patiently(() =>
      link.use(async (client) => {
        const [, replicas] = await Promise.all([client.set(WAIT_KEY, ''), client.wait(waitReplicas, waitMs)]);
        if (replicas < waitReplicas)
          throw new Error(`only ${replicas} replicas of redis have what was published`);
      }),
    );

  return {
    name: 'redis',

    async publish(outboxes) {
      let last: Witness | undefined;
      for (const call of splitCalls(outboxes)) {
        const limits = [String(maxEvents), String(maxAgeHours * 3_600_000)];
        const args = [createEpoch(), ...limits, ...witness, ...call.args];
        const published = await run(PUBLISH, call.keys, args);
        if (published) last = published as Witness;
      }
      if (waitReplicas > 0) await waitForReplicas();
      // What a failover may lose is nothing to be a witness of.
      if (last) witness = last;
    },

    async read(after, limit) {
      const args = [createEpoch(), formatStreamId(after), String(limit)];
      const reply = await run(READ, [], args);
      const [epoch, floor, newest, isKnown, entries] = reply as HistoryReply;
      return {
        epoch,
        floor: toStreamId(floor),
        newest: toStreamId(newest),
        isKnown: isKnown === 1,
        events: entries.map(([id, [, channel, , body]]) => ({
          id: toStreamId(id),
          channel,
          frame: Buffer.from(withId(`${epoch}.${id}`, body)),
        })),
      };
    },

    async renew(epoch) {
      await run(RENEW, [], [createEpoch(), epoch]);
    },

    subscribe(listener) {
      const subscription = subscribe(connection, listener);
      subscriptions.add(subscription);
      return subscription;
    },

    async lease(name, holder, ms) {
      const args = [holder, String(ms)];
      const lease = () => link.use((client) => runScript(client, LEASE, [leaseKey(name)], args));
      return (await patiently(lease)) === 1;
    },

    isReady: link.isReady,

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
];

/** Where the last event is that this process published. */
type Witness = [epoch: string, place: string];

interface PublishCall {
  keys: string[];
  args: string[];
}

/** Cuts outboxes, between entries, into script calls of bounded size. */
function* splitCalls(outboxes: readonly Outbox[]): Generator<PublishCall> {
  let call: PublishCall = { keys: [], args: [] };
  let bytes = 0;
  for (const { key, entries } of outboxes) {
    let from = 0;
    while (from < entries.length) {
      let to = from;
      const args: string[] = [];
      while (to < entries.length && (bytes < MAX_CALL_BYTES || to === from)) {
        const entry = entries[to++];
        if (!entry) break;
        args.push(String(entry.seq), entry.final ? '1' : '0', String(entry.events.length));
        for (const { channel, body } of entry.events) {
          args.push(channel, copyChannel(channel) ?? '', body);
          bytes += body.length;
        }
      }
      call.keys.push(seqKey(key));
      call.args.push(String(to - from), ...args);
      from = to;
      if (bytes >= MAX_CALL_BYTES) {
        yield call;
        call = { keys: [], args: [] };
        bytes = 0;
      }
    }
  }
  if (call.keys.length > 0) yield call;
}

const toStreamId = (text: string): StreamId => parseStreamId(text) ?? STREAM_START;
