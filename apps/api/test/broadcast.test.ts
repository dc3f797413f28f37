import { once } from 'node:events';
import { connect as connectTo } from 'node:net';
import { EVERYTHING_ALLOWED } from '@dronecast/auth';
import { createRedisBus, type EventBus } from '@dronecast/bus';
import { STREAM_START } from '@dronecast/events';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { createBroadcastService } from '../src/service/broadcast-service.js';
import { createListGate } from '../src/service/list-gate.js';

const skip = !requiresRedis(t) && 'redis-server missing';
const STORM = { message: 'storm', level: 'warning' } as const;

async function connect(t: Test, url: string): Promise<EventBus> {
  const bus = createRedisBus({ url, log: { info() {}, warn() {} } });
  t.teardown(() => bus.close());
  await until(bus.isReady);
  return bus;
}

const createService = (bus: EventBus) => createBroadcastService({ bus, listGate: createListGate(5000) });

async function flush(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connectTo(Number(port), hostname);
  socket.write('FLUSHALL\r\n');
  await once(socket, 'data');
  socket.destroy();
}

t.test(
  'a broadcast with a key is published once by all processes, until Redis loses it',
  { skip },
  async (t) => {
    const redis = await startRedis(t);
    const [bus, otherBus] = [await connect(t, redis.url), await connect(t, redis.url)];
    const [one, other] = [createService(bus), createService(otherBus)];
    const read = () => bus.read(STREAM_START, 100);
    const { epoch } = await read();

    t.equal(await one.broadcast(STORM, 'k', EVERYTHING_ALLOWED), true);
    t.equal(await other.broadcast({ level: 'warning', message: 'storm' }, 'k', EVERYTHING_ALLOWED), false);
    await t.rejects(other.broadcast({ ...STORM, level: 'info' }, 'k', EVERYTHING_ALLOWED), {
      status: 422,
      code: 'idempotency_key_reused',
    });
    const before = await read();
    t.equal(before.events.length, 1);
    t.equal(before.epoch, epoch);

    await flush(redis.url);
    t.equal(await one.broadcast(STORM, 'k', EVERYTHING_ALLOWED), true, 'announced again');
    const after = await read();
    t.not(after.epoch, before.epoch, 'behind a gap');
    t.equal(after.events.length, 1);
  },
);

t.test(
  'a retry of a broadcast whose answer was lost publishes nothing, and counts as the write',
  { skip },
  async (t) => {
    const redis = await startRedis(t);
    const bus = await connect(t, redis.url);
    let isLost = true;
    const { broadcast } = createService({
      ...bus,
      async publish(outboxes) {
        const behind = await bus.publish(outboxes);
        if (isLost) throw new Error('the connection ended');
        return behind;
      },
    });
    await t.rejects(broadcast(STORM, 'k', EVERYTHING_ALLOWED), { status: 503, code: 'bus_unavailable' });
    isLost = false;
    t.equal(await broadcast(STORM, 'k', EVERYTHING_ALLOWED), true, 'to be audited now');
    t.equal(await broadcast(STORM, 'k', EVERYTHING_ALLOWED), false);
    t.equal((await bus.read(STREAM_START, 100)).events.length, 1);
  },
);
