import { once } from 'node:events';
import type { LiveListener } from '@dronecast/bus';
import { CloseCode } from '@dronecast/events';
import type { Counter } from '@dronecast/runtime';
import t from 'tap';
import { WebSocket } from 'ws';
import { connectSocket, type SocketClient } from '../../../test/support/socket-client.js';
import { buildRelay, createBus } from './build-relay.js';

const take = async ({ frames }: SocketClient, count: number) => {
  const taken = await frames.take(count);
  return { numbers: taken.map(({ data }) => data.number as number), last: taken.at(-1)?.id ?? '' };
};
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

t.test('a client goes on where it was, filtered as it asks', async (t) => {
  const { url, publish } = await buildRelay(t);
  const first = await connectSocket(t, `${url}?sn=A`);
  t.equal(first.greeting.resumed, false);
  await publish('A', 'updated');
  const { last } = await take(first, 1);
  first.socket.terminate();
  for (const serialNumber of ['A', 'B', 'A', 'B']) await publish(serialNumber, 'updated');
  await publish('A', 'stream');
  await publish('', 'system');

  const again = await connectSocket(t, `${url}?sn=A&since=${last}`);
  t.match(again.greeting, { resumed: true, cursor: last });
  t.same((await take(again, 4)).numbers, [2, 4, 6, 7]);
  await publish('A', 'updated');
  t.same((await take(again, 1)).numbers, [8]);

  const streams = await connectSocket(t, `${url}?sn=A&events=stream&since=${last}`);
  t.same((await take(streams, 1)).numbers, [6]);
  const fromStart = await connectSocket(t, `${url}?since=${first.greeting.cursor}`);
  t.same((await take(fromStart, 8)).numbers, range(1, 8));
});

t.test('a new relay brings many clients to the present while events go on', async (t) => {
  const EVENTS = 3000;
  const LATER = 1000;
  const bus = createBus();
  const before = await buildRelay(t, {}, bus);
  const witness = await connectSocket(t, before.url);
  for (let number = 1; number <= EVENTS; number += 1) await before.publish('A', 'updated');
  const cursors = (await witness.frames.take(EVENTS)).map(({ id }) => id);

  let reads = 0;
  const counted = {
    ...bus,
    read: (...args: Parameters<typeof bus.read>) => bus.read(...args).finally(() => reads++),
  };
  const after = await buildRelay(t, {}, { ...counted, close: async () => {} });
  const clients = Promise.all(
    range(1, 60).map(async (n) => {
      const at = n * 40;
      const client = await connectSocket(t, `${after.url}?since=${cursors[at - 1]}`);
      t.equal(client.greeting.resumed, true);
      const { numbers } = await take(client, EVENTS + LATER - at);
      t.same(numbers, range(at + 1, EVENTS + LATER), `from ${at} on`);
    }),
  );
  for (let number = 1; number <= LATER; number += 1) {
    await before.publish('A', 'updated');
    if (number % 20 === 0) await new Promise(setImmediate);
  }
  await clients;
  t.ok(reads <= 60, `${reads} reads for 60 clients`);
});

t.test('a client that reads slowly is replayed to at its own pace', async (t) => {
  const EVENTS = 400;
  const { url, publish } = await buildRelay(t, { peerBufferBytes: 65_536 });
  const cursor = (await connectSocket(t, `${url}?sn=X`)).greeting.cursor;
  const padding = 'x'.repeat(20_000);
  for (let number = 1; number <= EVENTS; number += 1) await publish('A', 'updated', padding);
  const client = await connectSocket(t, `${url}?since=${cursor}`);
  for (let number = 1; number <= EVENTS; number += 40) {
    client.socket.pause();
    await new Promise(setImmediate);
    client.socket.resume();
    t.same((await take(client, 40)).numbers, range(number, number + 39));
  }
  await publish('A', 'updated');
  t.same((await take(client, 1)).numbers, [EVENTS + 1]);
});

t.test('a relay that has yet to find out that the history was lost says so once', async (t) => {
  const bus = createBus();
  const before = await buildRelay(t, {}, { ...bus, close: async () => {} });
  /** The live feed of the other relay, which can be cut off. */
  let listener: LiveListener | undefined;
  let isDeaf = false;
  const late = await buildRelay(
    t,
    {},
    {
      ...bus,
      subscribe(own) {
        listener = own;
        return bus.subscribe({
          ...own,
          message: (channel, payload) => !isDeaf && own.message(channel, payload),
        });
      },
    },
  );
  const witness = await connectSocket(t, before.url);
  await before.publish('A', 'updated');
  isDeaf = true;
  listener?.disconnected();
  await before.publish('A', 'updated');
  const { last: lost } = await take(witness, 2);
  const [epoch = ''] = lost.split('.');
  await bus.renew(epoch);
  await before.publish('A', 'updated');
  const gap = await witness.frames.next();
  t.equal(gap.event, 'relay.gap');
  const { last: kept } = await take(witness, 1);

  const clients = [lost, gap.data.cursor, kept].map((since) =>
    connectSocket(t, `${late.url}?since=${since}`),
  );
  await new Promise((resolve) => setTimeout(resolve, 300));
  isDeaf = false;
  listener?.connected();
  const [behind, told, ahead] = (await Promise.all(clients)) as [SocketClient, SocketClient, SocketClient];
  t.same(
    [behind, told, ahead].map(({ greeting }) => greeting.resumed),
    [false, true, true],
  );
  t.equal((await behind.frames.next()).event, 'relay.gap');
  const number = await before.publish('A', 'updated');
  t.same((await take(behind, 1)).numbers, [number]);
  t.same((await take(told, 2)).numbers, [number - 1, number]);
  t.same((await take(ahead, 1)).numbers, [number]);
});

t.test('an error in one replay costs no more than its connection', async (t) => {
  const { app, url, port, publish } = await buildRelay(t);
  const other = await connectSocket(t, url);
  await publish('A', 'updated');
  const { last } = await take(other, 1);
  const counter = app.metrics.getSingleMetric('dronecast_resumes_total') as Counter;
  counter.inc = () => {
    throw new Error('broken');
  };
  const errors: unknown[] = [];
  app.log.error = ({ err }: { err: Error }) => void (err.message === 'broken' && errors.push(err.message));

  const socket = new WebSocket(`${url}?since=${last}`);
  const [code] = (await once(socket, 'close')) as [number];
  t.equal(code, CloseCode.INTERNAL_ERROR);
  const poll = await fetch(`http://127.0.0.1:${port}/poll/events?since=${last}`);
  t.equal(poll.status, 503);
  t.same(new Set(errors), new Set(['broken']), 'and it is logged');
  const number = await publish('A', 'updated');
  t.same((await take(other, 1)).numbers, [number]);
});
