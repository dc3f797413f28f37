import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { CloseCode, KINDS, RelayFrame } from '@dronecast/events';
import { Value } from '@sinclair/typebox/value';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { connectSocket, refusedUpgrade, type SocketClient } from '../../../test/support/socket-client.js';
import { buildRelay } from './build-relay.js';

const numbers = async ({ frames }: SocketClient, count: number): Promise<number[]> =>
  (await frames.take(count)).map(({ data }) => data.number);

/** An answer to a ping comes after all that was sent before. */
async function isQuiet({ say, frames }: SocketClient): Promise<boolean> {
  say({ action: 'ping' });
  return (await frames.next()).event === 'relay.pong';
}

/** Asks for an upgrade and then says nothing, not even goodbye. */
async function shakeHands(port: number, path: string): Promise<{ socket: Socket; answer: string }> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const key = 'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==';
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: relay\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n\r\n`,
  );
  const [answer] = await once(socket, 'data');
  return { socket, answer: String(answer) };
}

t.test('each client gets what it asks for, once', async (t) => {
  const { url, publish } = await buildRelay(t);
  const all = await connectSocket(t, url);
  const star = await connectSocket(t, `${url}?sn=*`);
  const one = await connectSocket(t, `${url}?sn=A1`);
  const several = await connectSocket(t, `${url}?sn=A1,B1&sn=C*`);
  const overlapping = await connectSocket(t, `${url}?sn=A1,A*,*`);
  const kinds = await connectSocket(t, `${url}?sn=A1&events=stream,ai&events=system`);
  for (const [serialNumber, kind] of [
    ['A1', 'updated'],
    ['A1', 'stream'],
    ['A10', 'updated'],
    ['B1', 'config'],
    ['C2', 'incident'],
    ['C', 'created'],
    ['c2', 'created'],
    ['', 'system'],
  ] as const) {
    await publish(serialNumber, kind);
  }
  for (const client of [all, star, overlapping]) t.same(await numbers(client, 8), [1, 2, 3, 4, 5, 6, 7, 8]);
  t.same(await numbers(one, 3), [1, 2, 8]);
  t.same(await numbers(several, 6), [1, 2, 4, 5, 6, 8]);
  t.same(await numbers(kinds, 2), [2, 8]);
  for (const client of [all, star, one, several, overlapping, kinds]) t.ok(await isQuiet(client));
});

t.test('a client changes its filter without reconnecting', async (t) => {
  const { url, publish } = await buildRelay(t);
  const client = await connectSocket(t, `${url}?sn=A`);
  const subscribed = async (message: object) => {
    client.say(message);
    const frame = await client.frames.next();
    t.ok(Value.Check(RelayFrame, frame), JSON.stringify(frame));
    return { sn: frame.data.sn, events: frame.data.events };
  };
  t.same(await subscribed({ action: 'subscribe', sn: ['B'] }), { sn: ['A', 'B'], events: [...KINDS] });
  await publish('B', 'updated');
  t.same(await numbers(client, 1), [1]);
  t.same(await subscribed({ action: 'unsubscribe', sn: ['A'] }), { sn: ['B'], events: [...KINDS] });
  await publish('A', 'updated');
  t.same(await subscribed({ action: 'subscribe', events: ['ai'] }), { sn: ['B'], events: ['ai'] });
  await publish('B', 'updated');
  await publish('B', 'ai');
  t.same(await numbers(client, 1), [4]);
  t.same(await subscribed({ action: 'unsubscribe' }), { sn: [], events: ['ai'] });
  await publish('B', 'ai');
  t.same(await subscribed({ action: 'subscribe' }), { sn: ['*'], events: [...KINDS] });
  await publish('Z', 'created');
  t.same(await numbers(client, 1), [6]);
});

t.test('what a client says wrongly is answered, and other clients do not notice', async (t) => {
  const { url, publish } = await buildRelay(t);
  const other = await connectSocket(t, url);
  const client = await connectSocket(t, `${url}?sn=A`);
  const cases: [unknown, string][] = [
    ['{"action":', 'malformed_json'],
    ['null', 'invalid_action'],
    ['[]', 'invalid_action'],
    [JSON.stringify({ action: 'explode' }), 'invalid_action'],
    [JSON.stringify({ action: 'subscribe', sn: 'A' }), 'invalid_action'],
    [JSON.stringify({ action: 'subscribe', colour: 'red' }), 'invalid_action'],
    [JSON.stringify({ action: 'subscribe', sn: ['a:'] }), 'invalid_filter'],
    [JSON.stringify({ action: 'subscribe', events: ['battery'] }), 'invalid_filter'],
    [
      JSON.stringify({ action: 'subscribe', sn: Array.from({ length: 101 }, (_, n) => `S${n}`) }),
      'invalid_action',
    ],
  ];
  for (const [text, code] of cases) {
    client.socket.send(String(text));
    const frame = await client.frames.next();
    t.match(frame, { type: 'relay', event: 'relay.error', data: { code, message: /./ } }, String(text));
  }
  t.ok(await isQuiet(client), 'a right frame in between is forgiving');
  for (let strike = 0; strike < 10; strike += 1) client.say('again');
  t.equal((await client.closed).code, CloseCode.ABUSE);

  const binary = await connectSocket(t, url);
  binary.socket.send(Buffer.from([1, 2, 3]));
  t.equal((await binary.closed).code, CloseCode.BINARY_FRAME);

  const big = await connectSocket(t, url);
  big.socket.send('x'.repeat(2 ** 20));
  t.equal((await big.closed).code, CloseCode.FRAME_TOO_BIG);

  await publish('A', 'updated');
  t.same(await numbers(other, 1), [1]);
});

t.test('a wrong query is refused before the upgrade', async (t) => {
  const { url, app } = await buildRelay(t);
  t.match(await app.inject('/ws/events'), { statusCode: 426, headers: { upgrade: 'websocket' } });
  for (const [query, pointer] of [
    ['sn=a:', '/sn'],
    ['sn=+a++b', '/sn'],
    ['sn=all', '/sn'],
    ['sn=A,B%20%20C', '/sn'],
    ['events=battery', '/events'],
    ['colour=red', '/colour'],
  ] as const) {
    const { status, body } = await refusedUpgrade(`${url}?${query}`);
    t.equal(status, 400, query);
    t.match(JSON.parse(body), { errors: [{ pointer }] }, query);
  }
  t.equal((await refusedUpgrade(url.replace('/ws/events', '/ws/nothing'))).status, 404);
});

t.test('the relay ends the connection of a refused upgrade, and keeps nothing of it', async (t) => {
  const { url, port, app } = await buildRelay(t);
  const { socket, answer } = await shakeHands(port, '/ws/events?sn=!');
  t.match(answer, /^HTTP\/1.1 400 /);
  await once(socket.resume(), 'end');
  const client = await connectSocket(t, url);
  t.equal(client.socket.readyState, client.socket.OPEN, 'an accepted one stays');
  socket.destroy();
  client.socket.terminate();
  await until(async () => (await promisify(app.server.getConnections).call(app.server)) === 0);
  t.pass('no connection is left');
});

t.test('heartbeats carry a fresh cursor, and find who is gone', async (t) => {
  const { url, port, app, publish } = await buildRelay(t, { heartbeatMs: 100 });
  const client = await connectSocket(t, `${url}?sn=A`);
  const before = (await client.frames.next()).data.cursor;
  await publish('B', 'updated');
  const beat = await client.frames.find((frame) => frame.data.cursor !== before);
  t.equal(beat.event, 'relay.heartbeat');

  const silent = connect(port, '127.0.0.1');
  silent.write(
    'GET /ws/events HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const peers = async () => JSON.parse((await app.inject('/health/ready')).body).peers;
  await until(async () => (await peers()) === 2);
  silent.resume();
  await once(silent, 'close');
  await until(async () => (await peers()) === 1);
  t.equal(client.socket.readyState, client.socket.OPEN, 'the one that answers stays');
});

t.test('a stopping relay says so, closes everybody and takes nobody', async (t) => {
  const { url, port, app } = await buildRelay(t);
  const clients = await Promise.all(Array.from({ length: 20 }, () => connectSocket(t, url)));
  const silent = await shakeHands(port, '/ws/events');
  const closed = app.close();
  for (const client of clients) {
    t.match(await client.frames.next(), { event: 'relay.draining', data: { retryAfterMs: Number } });
    t.equal((await client.closed).code, CloseCode.RESTARTING);
  }
  t.match(silent.answer, /^HTTP\/1.1 101 /, 'one who never answers the close holds it up for a moment');
  const late = await shakeHands(port, '/ws/events');
  t.match(late.answer, /^HTTP\/1.1 503 [\s\S]*\r\nretry-after: 2\r\n/i);
  await closed;
});
