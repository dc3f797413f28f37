import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { connectSocket } from '../../../test/support/socket-client.js';
import { buildRelay } from './build-relay.js';

const HANDSHAKE =
  'GET /ws/events HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';
const TEXT = 0x1;
const PING = 0x9;
const PONG = 0xa;

/** A masked frame of a client (RFC 6455 section 5.2), with a mask of zeros. */
function toFrame(opcode: number, payload: string, isLast = true): Buffer {
  const { length } = payload;
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255];
  return Buffer.from([isLast ? 0x80 | opcode : opcode, ...size, 0, 0, 0, 0, ...Buffer.from(payload)]);
}

/** The code of the close frame that ends what a relay has sent. */
const closeCodeIn = (bytes: Buffer): number | undefined => {
  const at = bytes.lastIndexOf(0x88);
  return at < 0 ? undefined : bytes.readUInt16BE(at + 2);
};

/** A socket past its greeting, that shows what comes byte by byte. */
async function openRaw(t: Test, port: number): Promise<{ socket: Socket; received(): Buffer }> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  t.teardown(() => socket.destroy());
  socket.setNoDelay();
  let bytes = Buffer.alloc(0);
  socket.on('data', (part) => {
    bytes = Buffer.concat([bytes, part]);
  });
  socket.write(HANDSHAKE);
  await until(() => bytes.includes('relay.connected'));
  bytes = Buffer.alloc(0);
  return { socket, received: () => bytes };
}

t.test('a ping is answered with its payload', async (t) => {
  const { port } = await buildRelay(t);
  const { socket, received } = await openRaw(t, port);
  for (const payload of ['', 'still there?', 'x'.repeat(125)]) {
    const before = received().length;
    socket.write(toFrame(PING, payload));
    await until(() => received().length >= before + 2 + payload.length);
    t.same(received().subarray(before), Buffer.from([0x8a, payload.length, ...Buffer.from(payload)]));
  }
});

t.test('who floods with control frames is cut off, and the others are served', async (t) => {
  const { port, url, publish } = await buildRelay(t);
  const honest = await connectSocket(t, url);
  for (const opcode of [PING, PONG]) {
    const { socket, received } = await openRaw(t, port);
    const closed = once(socket, 'close');
    socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => toFrame(opcode, ''))));
    await closed;
    t.equal(closeCodeIn(received()), 4400);
    t.ok(received().length < 1000, `${received().length} bytes of answers`);
  }
  const number = await publish('A', 'updated');
  t.equal((await honest.frames.next()).data.number, number);
});

t.test('who floods with text frames is cut off at once, without waiting for its goodbye', async (t) => {
  const { port } = await buildRelay(t, { framesPerSecond: 10 });
  const { socket, received } = await openRaw(t, port);
  const closed = once(socket, 'close');
  socket.write(Buffer.concat(Array.from({ length: 20_000 }, () => toFrame(TEXT, '{"action":"ping"}'))));
  await closed;
  t.equal(closeCodeIn(received()), 4400);
});

t.test('what arrives in too many pieces is refused', async (t) => {
  const { port } = await buildRelay(t);
  for (const [title, pieces] of [
    ['fragments', Array.from({ length: 2000 }, (_, index) => toFrame(index ? 0 : TEXT, '', false))],
    ['bytes', Array.from(toFrame(TEXT, 'x'.repeat(10_000)), (byte) => Buffer.from([byte]))],
  ] as const) {
    const { socket, received } = await openRaw(t, port);
    let sent = 0;
    for (; sent < pieces.length && !socket.closed && closeCodeIn(received()) === undefined; sent += 1) {
      socket.write(pieces[sent] as Buffer);
      await new Promise(setImmediate);
    }
    t.ok(sent < pieces.length, `${sent} ${title} of ${pieces.length}`);
    t.equal(closeCodeIn(received()), 1008);
  }
});
