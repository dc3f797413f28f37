import { once } from 'node:events';
import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { connectSocket } from '../../../test/support/socket-client.js';
import { createRandom } from '../../simulator/src/random.js';
import { buildRelay } from './build-relay.js';

const CASES = 10_000;
const PARALLEL = 20;
const MIB = 1024 * 1024;
const HANDSHAKE =
  'GET /ws/events HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

const random = createRandom(20_261_123);
const pick = <T>(items: readonly T[]): T => items[random.integer(0, items.length - 1)] as T;

const PAYLOADS: (() => Buffer)[] = [
  () => Buffer.from('{"action":"ping"}'),
  () => Buffer.from('{"action":"subscribe","sn":["A*","\ud800"],"events":["nothing"]}'),
  () => Buffer.from(`{"action":"authenticate","token":"${'x'.repeat(random.integer(0, 9000))}"}`),
  () => Buffer.from('['.repeat(random.integer(1, 5000))),
  () => Buffer.from([0xff, 0xfe, 0xc0, 0x80]),
  () => Buffer.alloc(random.integer(0, 300), random.integer(0, 255)),
  () => Buffer.alloc(0),
];

/** A frame (RFC 6455 section 5.2) of which any part may be wrong: opcode, reserved bits, mask, length. */
function randomFrame(): Buffer {
  const payload = pick(PAYLOADS)();
  const first = (random.integer(0, 1) << 7) | (random.integer(0, 9) ? 0 : random.integer(0, 7) << 4);
  const opcode = pick([0, 1, 1, 1, 2, 8, 9, 10, random.integer(0, 15)]);
  const masked = random.integer(0, 9) ? 0x80 : 0;
  const length = random.integer(0, 9) ? payload.length : pick([0, 127, 65_536, 2 ** 31, 2 ** 40]);
  const header =
    length < 126
      ? Buffer.from([first | opcode, masked | length])
      : length < 65_536
        ? Buffer.from([first | opcode, masked | 126, length >> 8, length & 255])
        : Buffer.concat([Buffer.from([first | opcode, masked | 127]), Buffer.alloc(8)]);
  if (length >= 65_536) header.writeBigUInt64BE(BigInt(length), 2);
  const mask = Buffer.from([1, 2, 3, 4]);
  if (!masked) return Buffer.concat([header, payload]);
  return Buffer.concat([header, mask, payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0))]);
}

t.test('whatever clients send, the others are served and nothing of it is kept', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const { url, port, app, publish } = await buildRelay(t, { maxPeers: 1000, framesPerSecond: 1000 });
  const honest = await connectSocket(t, url);
  const peers = async (): Promise<number> => JSON.parse((await app.inject('/health/ready')).body).peers;

  /** One connection, a few frames, cut anywhere, then gone. Returns how many frames. */
  async function attack(): Promise<number> {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.resume();
    await once(socket, 'connect');
    const frames = Array.from({ length: random.integer(1, 8) }, randomFrame);
    const bytes = Buffer.concat([Buffer.from(HANDSHAKE), ...frames]);
    const cut = random.integer(0, 4) ? bytes.length : random.integer(1, bytes.length);
    if (random.integer(0, 1)) socket.write(bytes.subarray(0, cut));
    else {
      const middle = random.integer(0, cut);
      socket.write(bytes.subarray(0, middle));
      await new Promise(setImmediate);
      socket.write(bytes.subarray(middle, cut));
    }
    await new Promise(setImmediate);
    if (random.integer(0, 1)) {
      socket.end();
      await new Promise(setImmediate);
    }
    socket.destroy();
    if (!socket.closed) await once(socket, 'close');
    return frames.length;
  }

  async function attackMany(cases: number): Promise<void> {
    let done = 0;
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        while (done < cases) done += await attack();
      }),
    );
    const number = await publish('A', 'updated');
    t.equal((await honest.frames.find(({ data }) => data.number === number)).serialNumber, 'A');
    await until(async () => (await peers()) === 1);
  }

  async function usedAfter(cases: number): Promise<number> {
    await attackMany(cases);
    collect();
    return process.memoryUsage().heapUsed;
  }

  const before = await usedAfter(CASES / 4);
  const after = await usedAfter(CASES);
  t.ok(after - before < 4 * MIB, `${((after - before) / MIB).toFixed(1)} MiB more after ${CASES} frames`);
});
