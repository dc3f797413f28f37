import type { Contender } from './contenders.js';
import { serialNumber } from './drone-event.js';
import { builtPath } from './paths.js';
import { type MeasuredServer, startMeasured } from './server.js';
import type { Stage } from './stage.js';
import { differences, latencyFigures } from './statistics.js';
import type { PublisherCommands } from './workers/publisher.js';
import type { SocketClientCommands } from './workers/socket-client.js';

/** So long that no heartbeat falls into a measurement, for whoever has one. */
const HEARTBEAT_MS = '3600000';
/** How long a server that cannot keep up may take to deliver what it owes. */
const DRAIN_TIMEOUT_MS = 60_000;
const PARALLEL_HANDSHAKES = 200;

export interface Load {
  /** Events per second. */
  readonly rate: number;
  readonly seconds: number;
  /** Each event concerns one of so many. */
  readonly drones: number;
  /** Sockets that get each event. */
  readonly fanOut: number;
}

/** What a relay did with a load. */
export interface Delivery {
  /** Microseconds of the server's CPU. */
  readonly cpuPerDelivery: number;
  readonly deliveriesPerSecond: number;
  /** Milliseconds from publish to the client. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Deliveries that did not come. */
  readonly lost: number;
}

export interface ConnectOptions {
  /** Every so manyeth socket tells its latencies. Default: all do. */
  readonly sampleEvery?: number;
  /** Handshakes under way at once. */
  readonly parallel?: number;
  /** What the sockets can be closed by. */
  readonly group?: string;
}

/** A contender with a Redis, a publisher and clients of its own, so that it rests while others are measured. */
export async function createRig(stage: Stage, contender: Contender) {
  const redis = await stage.redis();
  const publisher = stage.child<PublisherCommands>(builtPath('src/workers/publisher.js'));
  const clients = stage.child<SocketClientCommands>(builtPath('src/workers/socket-client.js'));
  await publisher.call('open', { redisUrl: redis.url, protocol: contender.protocol });
  let server = await startServer();

  function startServer(): Promise<MeasuredServer> {
    return startMeasured(stage, contender.script, { env: { REDIS_URL: redis.url, HEARTBEAT_MS } });
  }

  function connect(
    queries: readonly string[],
    { sampleEvery = 1, parallel = PARALLEL_HANDSHAKES, group = 'main' }: ConnectOptions = {},
  ): Promise<number> {
    const paths = queries.map((query) => contender.path + query);
    const { protocol } = contender;
    return clients.call('connect', { port: server.port, paths, protocol, sampleEvery, parallel, group });
  }

  return {
    name: contender.name,
    redisUrl: redis.url,
    port: () => server.port,
    publisher,
    clients,
    usage: () => server.usage(),

    /** Opens one socket per query, such as `sn=A`. Returns microseconds until all were greeted. */
    connect,

    /** Sockets that follow everything. */
    followAll: (count: number, options?: ConnectOptions) =>
      connect(
        Array.from({ length: count }, () => ''),
        options,
      ),

    /** Sockets that follow one drone each, from the one with index `first` on. */
    followEach: (count: number, first = 0, options?: ConnectOptions) =>
      connect(
        Array.from({ length: count }, (_, index) => `sn=${serialNumber(first + index)}`),
        options,
      ),

    disconnect: (group?: string) => clients.call('disconnect', group),

    /** Ends the server and its connections, and starts it anew. */
    async restart(): Promise<void> {
      await clients.call('disconnect');
      await server.kill();
      server = await startServer();
    },

    /** CPU counts from the first event to the last delivery. */
    async measure({ rate, seconds, drones, fanOut }: Load): Promise<Delivery> {
      await clients.call('reset');
      const before = await server.usage();
      const startedAt = performance.now();
      const events = await publisher.call('publish', { rate, seconds, drones });
      const expected = events * fanOut;
      await clients.call('waitFor', { count: expected, timeoutMs: DRAIN_TIMEOUT_MS });
      const elapsedMs = performance.now() - startedAt;
      const after = await server.usage();
      const { deliveries, times } = await clients.call('tally');
      return {
        cpuPerDelivery: (after.cpuUs - before.cpuUs) / deliveries,
        deliveriesPerSecond: (deliveries / elapsedMs) * 1000,
        ...latencyFigures(differences(times)),
        lost: expected - deliveries,
      };
    },
  };
}

export type Rig = Awaited<ReturnType<typeof createRig>>;
