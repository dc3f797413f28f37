import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { connectSocket } from '../../../test/support/socket-client.js';
import { createBudget } from '../src/transport/budget.js';
import { createOutlet } from '../src/transport/outlet.js';
import { buildRelay, type TestRelay } from './build-relay.js';

const MIB = 1024 * 1024;
const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';

/** Connections whose other side never reads. */
async function openUnread(t: Test, count: number): Promise<Socket[]> {
  const server = createServer((socket) => socket.pause().on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const sockets = await Promise.all(
    Array.from({ length: count }, async () => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      t.teardown(() => socket.destroy());
      return socket;
    }),
  );
  t.teardown(() => server.close());
  return sockets;
}

t.test('one write always goes, however large it is; then what waits counts', async (t) => {
  const [connection] = (await openUnread(t, 1)) as [Socket];
  const outlet = createOutlet(connection, { bufferBytes: 1000, budget: createBudget(2 ** 30) }, () => {});
  t.equal(outlet.write(Buffer.alloc(20 * MIB)), true);
  t.ok(connection.writableLength > 1000);
  t.equal(outlet.write(Buffer.from('x')), false);
});

t.test('all that waits is within one budget, and the slowest goes first', async (t) => {
  const WRITE = 256 * 1024;
  const budget = createBudget(16 * MIB);
  const connections = await openUnread(t, 8);
  const cutOff: Socket[] = [];
  const outlets = connections.map((connection) =>
    createOutlet(connection, { bufferBytes: 2 ** 30, budget }, () => {
      cutOff.push(connection);
      connection.destroy();
    }),
  );
  const waiting = (): number =>
    connections.reduce((sum, { destroyed, writableLength }) => sum + (destroyed ? 0 : writableLength), 0);
  let most = 0;
  for (let round = 0; round < 100; round += 1) {
    for (const [index, outlet] of outlets.entries()) {
      // The first one gets more than the others.
      if (connections[index]?.destroyed) continue;
      outlet.write(Buffer.alloc(index === 0 ? 2 * WRITE : WRITE));
      most = Math.max(most, waiting());
    }
    if (round % 10 === 0) await new Promise(setImmediate);
  }
  t.ok(most > 8 * MIB, 'there was something to bound');
  t.ok(most <= 16 * MIB + 2 * WRITE, `${most} bytes`);
  t.equal(cutOff[0], connections[0]);
  t.ok(budget.waitingBytes() <= 16 * MIB);
  for (const outlet of outlets) outlet.release();
  t.equal(budget.waitingBytes(), 0, 'nobody is kept who is gone');
});

t.test('a write costs no look at all others', async (t) => {
  const READERS = 1000;
  const budget = createBudget(READERS * 1000);
  let looks = 0;
  const readers = Array.from({ length: READERS }, () => {
    const reader = {
      bytes: 0,
      waitingBytes() {
        looks += 1;
        return reader.bytes;
      },
      cutOff() {
        reader.bytes = 0;
      },
    };
    return reader;
  });
  // As many bytes come as are read: the budget is never exceeded, and always nearly used up.
  for (const reader of readers) {
    reader.bytes = 800;
    budget.add(reader, 800);
  }
  const WRITES = 100_000;
  for (let write = 0; write < WRITES; write += 1) budget.add(readers[write % READERS] as never, 100);
  t.ok(looks <= WRITES, `${looks} looks for ${WRITES} writes`);
  t.ok(
    readers.every(({ bytes }) => bytes === 800),
    'nobody was cut off',
  );
});

/** A client that asks and then never reads. */
function ask(t: Test, port: number, request: string): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  t.teardown(() => socket.destroy());
  socket.pause();
  socket.write(request);
  return socket;
}

const metric = async ({ app }: TestRelay, name: string): Promise<number> => {
  const { body } = await app.inject('/metrics');
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1]);
};
const connectionsOf = ({ app }: TestRelay): Promise<number> =>
  promisify(app.server.getConnections).call(app.server) as Promise<number>;

const CLIENTS = 8;
const EVENTS = 100;
const PADDING = 'x'.repeat(200_000);
/** An answer to a poll is as large as `peerBufferBytes`, so that part of it waits outside of the system's own buffers. */
const BUFFERS = { peerBufferBytes: 8 * MIB, peersBufferBytes: 16 * MIB };

for (const [name, path, headers] of [
  ['WebSockets', '/ws/events?', UPGRADE],
  ['event streams', '/sse/events?', ''],
  ['long-polls', '/poll/events?wait=60&', ''],
] as const) {
  t.test(`${name} that nobody reads share one budget, and harm nobody`, async (t) => {
    const relay = await buildRelay(t, BUFFERS);
    const { url, port, publish } = relay;
    const honest = await connectSocket(t, url);
    const request = `GET ${path}since=${honest.greeting.cursor} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
    const askAll = (): Socket[] => Array.from({ length: CLIENTS }, () => ask(t, port, request));
    // Who polls gets one answer, and asks when there is enough for it.
    const isPoll = path.startsWith('/poll');
    if (!isPoll) {
      askAll();
      await until(async () => (await metric(relay, 'dronecast_peers')) === CLIENTS + 1);
    }
    let most = 0;
    for (let event = 1; event <= EVENTS; event += 1) {
      await publish('A', 'updated', PADDING);
      t.equal((await honest.frames.next()).data.number, event);
      most = Math.max(most, await metric(relay, 'dronecast_peers_waiting_bytes'));
    }
    if (isPoll) askAll();
    await until(async () => {
      most = Math.max(most, await metric(relay, 'dronecast_peers_waiting_bytes'));
      return (await metric(relay, 'dronecast_closes_total{code="4408"}')) > 0;
    });
    t.ok(most <= BUFFERS.peersBufferBytes, `${most} bytes`);
    const cut = await metric(relay, 'dronecast_closes_total{code="4408"}');
    await until(async () => (await connectionsOf(relay)) <= CLIENTS + 1 - cut);
    t.ok((await metric(relay, 'dronecast_peers')) <= CLIENTS + 1 - cut);
    await publish('A', 'updated');
    t.equal((await honest.frames.next()).data.number, EVENTS + 1);
  });
}

/** A relay with history for more than one answer, and its start. */
async function buildFullRelay(t: Test, options: object): Promise<TestRelay & { start: string }> {
  const relay = await buildRelay(t, { ...BUFFERS, ...options });
  const reader = await connectSocket(t, relay.url);
  for (let event = 1; event <= EVENTS; event += 1) {
    await relay.publish('A', 'updated', PADDING);
    await reader.frames.next();
  }
  reader.socket.terminate();
  await until(async () => (await connectionsOf(relay)) === 0);
  return { ...relay, start: reader.greeting.cursor };
}

t.test('a poll whose answer nobody reads is cut off', async (t) => {
  const relay = await buildFullRelay(t, { heartbeatMs: 100 });
  ask(t, relay.port, `GET /poll/events?since=${relay.start} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await until(async () => (await metric(relay, 'dronecast_peers_waiting_bytes')) > 0);
  await until(async () => (await connectionsOf(relay)) === 0);
  await until(async () => (await metric(relay, 'dronecast_peers')) === 0);
});
