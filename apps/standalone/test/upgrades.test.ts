import { connect } from 'node:net';
import t, { type Test } from 'tap';
import { registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { until } from '../../../test/support/queue.js';
import { UPGRADE } from '../../../test/support/raw-request.js';
import { startStandalone } from './start-standalone.js';

const OFFERS = [
  'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\n',
  'Connection: Upgrade\r\nUpgrade: websocket\r\n',
  'Connection: keep-alive, Upgrade\r\nUpgrade: TLS/1.0, h2c\r\n',
  'Connection: Upgrade\r\nUpgrade: h2c\r\nUpgrade: websocket\r\n',
];
const WEB_SOCKET = UPGRADE.map(([name, value]) => `${name}: ${value}\r\n`).join('');

const ask = (line: string, offer = '', body?: unknown): string => {
  const text = body === undefined ? '' : JSON.stringify(body);
  const content =
    body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n`;
  return `${line} HTTP/1.1\r\nHost: 127.0.0.1\r\n${offer}${content}\r\n${text}`;
};

/** A connection and the statuses of the answers on it. */
function open(t: Test, port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  t.teardown(() => socket.destroy());
  let text = '';
  socket.setEncoding('latin1').on('data', (part) => {
    text += part;
  });
  const statuses = (): number[] =>
    [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
  return {
    socket,
    text: () => text,
    statuses,
    answers: (count: number) => until(() => statuses().length >= count),
  };
}

t.test('an Upgrade that is not taken is ignored', async (t) => {
  const { port } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  for (const [index, offer] of OFFERS.entries()) {
    const sn = `UP-${index}`;
    const requests = (suffix: string) => [
      ask('POST /api/v1/drones/register', offer, registration(sn + suffix)),
      ask(`PATCH /api/v1/drones/sn/${sn}${suffix}`, offer, { streamIsOn: true }),
      ask('GET /health/live', offer),
      ask('GET /poll/events?wait=0', offer),
      ask(`DELETE /api/v1/drones/sn/${sn}${suffix}`, offer),
    ];
    const expected = [201, 200, 200, 200, 204];

    const kept = open(t, port);
    for (const [count, request] of requests('A').entries()) {
      kept.socket.write(request);
      await kept.answers(count + 1);
    }
    t.same(kept.statuses(), expected, 'one after the other, on one connection');

    const slow = open(t, port);
    const whole = requests('B')[0]!;
    slow.socket.write(whole.slice(0, -20));
    await new Promise(setImmediate);
    slow.socket.write(whole.slice(-20) + ask('GET /health/live'));
    await slow.answers(2);
    t.same(slow.statuses(), [201, 200], 'a body in two pieces, and a request behind it');

    const piped = open(t, port);
    const reads = [
      ask('GET /poll/events?wait=1', offer),
      ask('GET /health/live'),
      ask('GET /nowhere', offer),
    ];
    piped.socket.write(reads.join('') + ask('GET /health/live', offer));
    await piped.answers(4);
    t.same(piped.statuses(), [200, 200, 404, 200], 'pipelined');

    const chunked = open(t, port);
    const body = JSON.stringify(registration(`${sn}C`));
    chunked.socket.write(
      `POST /api/v1/drones/register HTTP/1.1\r\nHost: 127.0.0.1\r\n${offer}Content-Type: application/json\r\n` +
        `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n${ask('GET /health/live')}`,
    );
    await chunked.answers(2);
    t.same(chunked.statuses(), [201, 200], 'a chunked body');

    const stream = open(t, port);
    stream.socket.write(ask('GET /sse/events', offer));
    await until(() => stream.text().includes('relay.connected'));
    t.same(stream.statuses(), [200], 'a stream');
  }
});

t.test('a WebSocket is one of several, and waits for the answers before it', async (t) => {
  const { port } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  const several = open(t, port);
  several.socket.write(ask('GET /ws/events', WEB_SOCKET.replace('websocket', 'h2c, WebSocket')));
  await several.answers(1);
  t.same(several.statuses(), [101]);

  const behind = open(t, port);
  behind.socket.write(ask('GET /poll/events?wait=1') + ask('GET /ws/events', WEB_SOCKET));
  await until(() => behind.text().includes('relay.connected'));
  t.same(behind.statuses(), [200, 101]);

  for (const request of [
    ask('GET /ws/events', OFFERS[0]),
    ask('GET /ws/events', WEB_SOCKET).replace('HTTP/1.1', 'HTTP/1.0'),
  ]) {
    const refused = open(t, port);
    refused.socket.write(request);
    await refused.answers(1);
    t.same(refused.statuses(), [426]);
  }
});

t.test('a body whose length Node has dropped is not taken for a request', async (t) => {
  const { port } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  const { socket, statuses, answers } = open(t, port);
  const inner = ask('GET /health/live');
  const many = 'a:b\r\n'.repeat(1100);
  socket.write(
    ask('POST /api/v1/drones/register', `${OFFERS[0]}${many}Content-Length: ${inner.length}\r\n`) + inner,
  );
  await answers(1);
  await until(() => socket.closed);
  t.same(statuses(), [431]);
});
