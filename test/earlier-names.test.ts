import { join } from 'node:path';
import type { Item } from '@dronecast/client';
import t from 'tap';
import { call, registration } from './support/api.js';
import { EARLIER_COMMIT, earlierBuild, earlierClient } from './support/earlier-build.js';
import { startProcess } from './support/process.js';
import { Queue, until } from './support/queue.js';
import { connectSocket } from './support/socket-client.js';
import { requiresSystem, startSystem } from './support/system.js';

const DRONES = '/api/v1/drones';
const DEVICES = [
  'AC:CC:8E:0F:12:34',
  'DS-7616NI-E2/16P0123',
  'A+B',
  'A B',
  'cam#1',
  'user@host/ch1',
  'DRN-0042',
];
const PREFIXES = ['AC*', 'DS-7616NI-E2*', 'A*', 'cam*', 'user*', 'DRN-0042'];
const pathOf = (serialNumber: string): string => `${DRONES}/sn/${encodeURIComponent(serialNumber)}`;

const skip = !requiresSystem(t) && 'servers missing';

t.test('clients of an earlier version get the events of such devices', { skip }, async (t) => {
  const file = await earlierClient(t, EARLIER_COMMIT);
  if (file === undefined) return;
  const { connect }: typeof import('@dronecast/client') = await import(file);
  const { apis, relays } = await startSystem(t);
  const [api, relay] = [apis[0].url, relays[0].url];
  for (const sn of DEVICES) await call(api, 'POST', `${DRONES}/register`, registration(sn));

  for (const transport of ['ws', 'sse', 'poll'] as const) {
    for (const [name, filter] of [
      ['all', {}],
      ['prefixes of its own form', { sn: PREFIXES }],
    ] as const) {
      await t.test(`${name}, by ${transport}`, async (t) => {
        const client = connect({
          url: relay,
          api,
          transport,
          ...filter,
          events: ['created', 'updated', 'deleted'],
        });
        const items = new Queue<Item>();
        client.on('event', (event) => items.push(event));
        const watch = client.watch('user@host/ch1');
        await watch.ready;
        for (const sn of DEVICES)
          t.equal(
            (await call(api, 'PATCH', pathOf(sn), { deviceName: `${name} by ${transport}` })).status,
            200,
          );
        t.match(
          await items.take(DEVICES.length),
          DEVICES.map((serialNumber) => ({ event: 'drone.updated', serialNumber })),
        );
        t.match(watch.value, { deviceSerialNumber: 'user@host/ch1', deviceName: `${name} by ${transport}` });
        await client.close();
      });
    }
  }
});

t.test(
  'a relay of an earlier version leaves such events out, and others of the same history do not',
  { skip },
  async (t) => {
    const folder = await earlierBuild(t, EARLIER_COMMIT);
    if (folder === undefined) return;
    const { apis, relays, redis } = await startSystem(t);
    const api = apis[0].url;
    const earlier = await startProcess(t, join(folder, 'apps/relay/dist/server.js'), {
      REDIS_URL: redis.url,
    });
    await until(async () => (await fetch(`${earlier.url}/health/ready`)).ok);
    const { frames, greeting } = await connectSocket(t, `ws://127.0.0.1:${earlier.port}/ws/events`);
    for (const sn of DEVICES) await call(api, 'POST', `${DRONES}/register`, registration(sn));
    t.match(await frames.next(), { event: 'drone.created', serialNumber: 'DRN-0042' });
    await until(() => /messages dropped/.test(earlier.output()));
    t.equal((await fetch(`${earlier.url}/health/ready`)).status, 200);

    const resumed = await connectSocket(
      t,
      `ws://127.0.0.1:${relays[0].port}/ws/events?since=${greeting.cursor}`,
    );
    t.match(
      await resumed.frames.take(DEVICES.length),
      DEVICES.map((serialNumber) => ({ event: 'drone.created', serialNumber })),
    );
  },
);
