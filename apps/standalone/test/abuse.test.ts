import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { CloseCode } from '@dronecast/events';
import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { connectSocket } from '../../../test/support/socket-client.js';
import { eventsUrl, startStandalone } from './start-standalone.js';

const HANDSHAKE =
  'GET /ws/events HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nX-Slow: ';
const HEADERS = 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-Slow: ';
const BODY =
  'POST /api/v1/drones/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{';
const DRIP_MS = 500;

/** Sends `first`, then a byte now and then; resolves with what the server said when it had enough. */
async function drip(t: Test, port: number, first: string): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  let said = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    said += chunk;
  });
  socket.on('error', () => {});
  socket.write(first);
  const timer = setInterval(() => socket.write(' '), DRIP_MS);
  await once(socket, 'close');
  clearInterval(timer);
  return said;
}

t.test('nobody holds a connection by being slow, and honest clients see all meanwhile', async (t) => {
  const server = await startStandalone(t, { DATA_DIR: testFolder(t), HEARTBEAT_MS: '600000' });
  const { port, url } = server;
  const honest = await connectSocket(t, eventsUrl(server));
  await call(url, 'POST', '/api/v1/drones/register', registration('HONEST-1'));
  await honest.frames.next();

  let isOver = false;
  const changes = (async () => {
    for (let revision = 2; !isOver; revision += 1) {
      const answer = await call(url, 'PATCH', '/api/v1/drones/sn/HONEST-1', { deviceName: `n${revision}` });
      const frame = await honest.frames.next();
      if (answer.status !== 200 || frame.revision !== revision) return `${answer.status} ${frame.revision}`;
    }
    return 'all seen, in order';
  })();

  const slow = [HANDSHAKE, HEADERS, BODY].flatMap((first) => Array.from({ length: 50 }, () => first));
  const answers = await Promise.all(slow.map((first) => drip(t, port, first)));
  t.same([...new Set(answers.map((answer) => answer.slice(0, 'HTTP/1.1 408'.length)))], ['HTTP/1.1 408']);

  const flooder = await connectSocket(t, eventsUrl(server));
  for (let frames = 0; frames < 1000; frames += 1) flooder.say({ action: 'ping' });
  t.equal((await flooder.closed).code, CloseCode.ABUSE);

  isOver = true;
  t.equal(await changes, 'all seen, in order');
});
