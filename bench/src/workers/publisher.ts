import { setTimeout as pause } from 'node:timers/promises';
import { createRedisBus } from '@dronecast/bus';
import { formatCursor, STREAM_START } from '@dronecast/events';
import { Emitter } from '@socket.io/redis-emitter';
import { createClient } from 'redis';
import { nowUs } from '../clock.js';
import { droneUpdated, droneUpdatedMessage, serialNumber } from '../drone-event.js';
import { serve } from '../rpc.js';
import type { Protocol } from './socket-client.js';

/** Publishes one event about the drone of this index. */
type Publish = (index: number) => Promise<unknown>;

const NOBODYS_DRONE = 99_999;

const silent = { info: () => {}, warn: () => {} };

const connectBus = (url: string) => createRedisBus({ url, log: silent });
let bus: ReturnType<typeof connectBus>;

/** As our API does: history and live feed in one script call. */
async function busPublisher(url: string): Promise<Publish> {
  bus = connectBus(url);
  while (!bus.isReady()) await pause(5);
  const lastSeq = new Map<number, number>();
  const publishNext: Publish = (index) => {
    const seq = (lastSeq.get(index) ?? 0) + 1;
    lastSeq.set(index, seq);
    const events = [droneUpdatedMessage(index, seq)];
    return bus.publish([{ key: serialNumber(index), entries: [{ seq, events }] }]);
  };
  // Redis learns the script by the first call, and only then keeps the order of calls that are under way together.
  await publishNext(NOBODYS_DRONE);
  return publishNext;
}

/** As a backend does that is no Socket.IO server itself: to the drone's room and to the room of those who follow all. */
async function socketIoPublisher(url: string): Promise<Publish> {
  const client = createClient({ url });
  await client.connect();
  const emitter = new Emitter(client);
  let count = 0;
  return async (index) => {
    count += 1;
    const id = formatCursor({ epoch: '5f0c1d9ab37e', id: { ms: Date.now(), n: count } });
    emitter.to(['all', serialNumber(index)]).emit('drone.updated', { id, ...droneUpdated(index, count) });
  };
}

let publish: Publish;
let seed = 1;

/** Repeatable, and no two neighbours are alike. */
function randomBelow(limit: number): number {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((seed / 2 ** 32) * limit);
}

export interface PublishRequest {
  /** Events per second. */
  readonly rate: number;
  readonly seconds: number;
  /** Each event concerns one of so many, at random. */
  readonly drones: number;
}

const commands = {
  async open({ redisUrl, protocol }: { redisUrl: string; protocol: Protocol }): Promise<void> {
    publish = await (protocol === 'socket.io' ? socketIoPublisher(redisUrl) : busPublisher(redisUrl));
  },

  /** Publishes evenly. Returns how many events there were, when all are out. */
  async publish({ rate, seconds, drones }: PublishRequest): Promise<number> {
    const total = Math.round(rate * seconds);
    const startedAt = nowUs();
    const underWay: Promise<unknown>[] = [];
    while (underWay.length < total) {
      const due = Math.min(total, Math.floor(((nowUs() - startedAt) / 1e6) * rate) + 1);
      while (underWay.length < due) underWay.push(publish(randomBelow(drones)));
      if (underWay.length < total) await pause(1);
    }
    await Promise.all(underWay);
    return total;
  },

  /** The newest place in the history, to resume from. */
  async cursor(): Promise<string> {
    const { epoch, newest } = await bus.read(STREAM_START, 0);
    return formatCursor({ epoch, id: newest });
  },
};
export type PublisherCommands = typeof commands;

serve(commands);
