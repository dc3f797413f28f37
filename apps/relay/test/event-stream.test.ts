import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { buildRelay } from './build-relay.js';

/** A client that shows what comes over the wire, byte by byte. */
function ask(t: Test, port: number, path: string, headers = ''): { socket: Socket; text(): string } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: relay\r\n${headers}\r\n`);
  t.teardown(() => socket.destroy());
  return { socket, text: () => text };
}

const CONNECTED =
  /data: \{"type":"relay","event":"relay.connected","data":\{"clientId":"[^"]+","cursor":"([^"]+)"/;

t.test('the answer is one that nothing on the way keeps or holds back', async (t) => {
  const { port, publish } = await buildRelay(t, { corsOrigins: ['https://ops.example.com'] });
  const { text } = ask(t, port, '/sse/events', 'Origin: https://ops.example.com\r\n');
  await until(() => CONNECTED.test(text()));
  const [head = '', body = ''] = text().split('\r\n\r\n');
  for (const line of [
    'HTTP/1.1 200 OK',
    'content-type: text/event-stream',
    'cache-control: no-store, no-transform',
    'x-accel-buffering: no',
    'access-control-allow-origin: https://ops.example.com',
    'connection: close',
  ])
    t.ok(head.toLowerCase().split('\r\n').includes(line.toLowerCase()), line);
  t.notMatch(head, /transfer-encoding|content-length|etag/i);
  t.match(body, /^retry: [12]\d{3}\n\nid: \S+\ndata: \{"type":"relay","event":"relay.connected"/);
  await publish('A', 'updated');
  await until(() => text().includes('"number":1'));
  t.match(text(), /\n\nid: (\S+)\ndata: \{"id":"\1",.*\}\n\n$/);
});

t.test('a cursor is not moved before a gap was told', async (t) => {
  const { port } = await buildRelay(t);
  const { text } = ask(t, port, '/sse/events?since=nonsense');
  await until(() => text().includes('relay.gap'));
  t.match(text(), /\n\ndata: .*"resumed":false.*\n\nid: \S+\ndata: .*"relay.gap"/);
  const cursor = CONNECTED.exec(text())?.[1];
  const resumed = ask(t, port, '/sse/events?since=nonsense', `Last-Event-ID: ${cursor}\r\n`);
  await until(() => CONNECTED.test(resumed.text()));
  t.match(resumed.text(), `\n\nid: ${cursor}\ndata: `, 'the header comes before the query');
});

t.test('one whose connection takes nothing any more is cut off', async (t) => {
  const { port, app, publish } = await buildRelay(t, { heartbeatMs: 100, peerBufferBytes: 2 ** 30 });
  const peers = async (): Promise<number> => JSON.parse((await app.inject('/health/ready')).body).peers;
  const stuck = ask(t, port, '/sse/events');
  await until(() => CONNECTED.test(stuck.text()));
  const fine = ask(t, port, '/sse/events');
  await until(() => CONNECTED.test(fine.text()));
  stuck.socket.pause();
  // Less than the relay would hold for it, but more than the system's own buffers take.
  for (let count = 0; count < 200; count += 1) await publish('A', 'updated', 'x'.repeat(100_000));
  await until(async () => (await peers()) === 1);
  t.notOk(fine.socket.destroyed);
});

t.test('a page of another site may ask, if it is allowed', async (t) => {
  const { app } = await buildRelay(t, { corsOrigins: ['https://ops.example.com'] });
  const preflight = (origin: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/sse/events',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization,last-event-id',
      },
    });
  t.match((await preflight('https://ops.example.com')).headers, {
    'access-control-allow-origin': 'https://ops.example.com',
    'access-control-allow-headers': 'authorization,last-event-id',
  });
  t.notOk((await preflight('https://evil.example')).headers['access-control-allow-origin']);
  const refused = await app.inject({ url: '/poll/events', headers: { origin: 'https://evil.example' } });
  t.equal(refused.statusCode, 403);
});

t.test('a stop waits for streams that still have something to read, and not for ever', async (t) => {
  const { port, app, publish } = await buildRelay(t, { heartbeatMs: 100 });
  const stuck = ask(t, port, '/sse/events');
  await until(() => CONNECTED.test(stuck.text()));
  stuck.socket.pause();
  await publish('A', 'updated', 'x'.repeat(100_000));
  await app.close();
  stuck.socket.resume();
  await once(stuck.socket, 'close');
  t.match(stuck.text(), /"number":1/);
  t.match(stuck.text(), /relay\.draining/);
});
