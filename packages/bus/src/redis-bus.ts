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
import {
  type EventBus,
  type HistoryLimits,
  type LiveListener,
  MAX_PAGE_BYTES,
  type Outbox,
} from './event-bus.js';
import { createRedisHistory } from './redis-history.js';
import { EPOCH_KEY, leaseKey, STREAM_KEY, seqKey, WAIT_KEY } from './redis-keys.js';
import {
  createPatience,
  createRedisLink,
  DEFAULT_TIMEOUT_MS,
  type RedisClient,
  type RedisConnection,
} from './redis-link.js';
import { createRedisMemory } from './redis-memory.js';
import { runScript, type Script } from './redis-script.js';
import { LEASE, PUBLISH, READ, RENEW } from './redis-scripts.js';
import { eventBytes } from './trim-script.js';

/** A script call holds up everybody else's commands, so it carries hardly more than this. */
const MAX_CALL_BYTES = 256 * 1024;
/** Of an entry beside its events. */
const ENTRY_BYTES = 100;

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
    await history.trim(maxmemory && maxmemory / 2);
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

  return {
    name: 'redis',

    async publish(outboxes) {
      let last: Witness | undefined;
      for (const { keys, args, bytes, events } of splitCalls(outboxes)) {
        history.prepare(bytes, events);
        const all = [createEpoch(), ...witness, ...args];
        const published = await memory.run(
          () => run(PUBLISH, [STREAM_KEY, EPOCH_KEY, ...keys], all),
          makeRoom,
        );
        if (published) last = published as Witness;
      }
      if (waitReplicas > 0) await waitForReplicas();
      // What a failover may lose is nothing to be a witness of.
      if (last) witness = last;
    },

    async read(after, limit) {
      const args = [createEpoch(), formatStreamId(after), String(limit), String(MAX_PAGE_BYTES)];
      const reply = await memory.run(() => run(READ, [STREAM_KEY, EPOCH_KEY], args));
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
];

/** Where the last event is that this process published. */
type Witness = [epoch: string, place: string];

interface PublishCall {
  readonly keys: string[];
  readonly args: string[];
  /** What the call adds to the history. */
  bytes: number;
  events: number;
}

const FIELD_NAMES_BYTES = 'channel'.length + 'event'.length;

/** Cuts outboxes, between entries, into script calls of bounded size. */
function* splitCalls(outboxes: readonly Outbox[]): Generator<PublishCall> {
  const emptyCall = (): PublishCall => ({ keys: [], args: [], bytes: 0, events: 0 });
  let call = emptyCall();
  for (const { key, entries } of outboxes) {
    let from = 0;
    while (from < entries.length) {
      let to = from;
      const args: string[] = [];
      while (to < entries.length && (call.bytes < MAX_CALL_BYTES || to === from)) {
        const entry = entries[to++];
        if (!entry) break;
        args.push(String(entry.seq), entry.final ? '1' : '0', String(entry.events.length));
        call.bytes += ENTRY_BYTES;
        for (const { channel, body } of entry.events) {
          args.push(channel, copyChannel(channel) ?? '', body);
          call.bytes += eventBytes(FIELD_NAMES_BYTES + Buffer.byteLength(channel) + Buffer.byteLength(body));
          call.events += 1;
        }
      }
      call.keys.push(seqKey(key));
      call.args.push(String(to - from), ...args);
      from = to;
      if (call.bytes >= MAX_CALL_BYTES) {
        yield call;
        call = emptyCall();
      }
    }
  }
  if (call.keys.length > 0) yield call;
}

const toStreamId = (text: string): StreamId => parseStreamId(text) ?? STREAM_START;
