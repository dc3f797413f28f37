import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { buildRelay } from './build-relay.js';

/** A client that shows what comes over the wire, byte by byte. */
function ask(
  t: Test,
  port: number,
  path: string,
  headers = '',
  version = '1.1',
): { socket: Socket; text(): string } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  socket.on('error', () => {});
  socket.write(`GET ${path} HTTP/${version}\r\nHost: relay\r\n${headers}\r\n`);
  t.teardown(() => socket.destroy());
  return { socket, text: () => text };
}

/** The chunks that are whole by now; undefined behind the last one. */
function chunksOf(text: string): (string | undefined)[] {
  const chunks: (string | undefined)[] = [];
  let at = text.indexOf('\r\n\r\n') + 4;
  for (let end = text.indexOf('\r\n', at); end >= 0; end = text.indexOf('\r\n', at)) {
    const size = Number.parseInt(text.slice(at, end), 16);
    const from = end + 2;
    if (text.length < from + size + 2) break;
    if (text.slice(from + size, from + size + 2) !== '\r\n') throw new Error(`no chunk: ${text.slice(at)}`);
    chunks.push(size === 0 ? undefined : text.slice(from, from + size));
    at = from + size + 2;
  }
  return chunks;
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
  t.match(head, /^transfer-encoding: chunked$/im);
  t.notMatch(head, /content-length|etag/i);
  t.match(body, /\r\nretry: [12]\d{3}\nid: \S+\ndata: \{"type":"relay","event":"relay.connected"/);
  await publish('A', 'updated');
  await until(() => chunksOf(text()).length === 2);
  t.match(chunksOf(text())[1], /^id: (\S+)\ndata: \{"id":"\1",.*\}\n\n$/, 'an event is a chunk');
});

t.test('each message has data, and is whole in its chunk, live and replayed', async (t) => {
  const { port, publish } = await buildRelay(t, { heartbeatMs: 100, coalesceMs: 50 });
  const live = ask(t, port, '/sse/events');
  await until(() => CONNECTED.test(live.text()));
  const cursor = CONNECTED.exec(live.text())?.[1];
  for (let count = 0; count < 3; count += 1) await publish('A', 'updated', 'Bär 🚁');
  const replayed = ask(t, port, '/sse/events', `Last-Event-ID: ${cursor}\r\n`);
  for (const { text } of [live, replayed]) {
    await until(() => text().includes('relay.heartbeat') && text().includes('"number":3'));
    const body = chunksOf(Buffer.from(text()).toString('latin1')).join('');
    t.equal(body.match(/^retry: /gm)?.length, 1);
    for (const block of body.replace(/^:\n/gm, '').split('\n\n').slice(0, -1))
      t.match(block, /^(retry: \d+\n)?(id: \S+\n)?data: \{.*\}$/);
  }
});

t.test('a client of HTTP/1.0 gets no chunks', async (t) => {
  const { port, publish } = await buildRelay(t);
  const chunked = ask(t, port, '/sse/events');
  await until(() => CONNECTED.test(chunked.text()));
  for (const headers of ['', 'Connection: keep-alive\r\nTE: chunked\r\n']) {
    const { text } = ask(t, port, '/sse/events', headers, '1.0');
    await until(() => CONNECTED.test(text()));
    const number = await publish('A', 'updated');
    await until(() => text().includes(`"number":${number}`));
    const [head = '', body] = text().split('\r\n\r\n');
    t.notMatch(head, /transfer-encoding/i);
    t.match(body, /^retry: \d+\nid: \S+\ndata: \{.*\}\n\nid: (\S+)\ndata: \{"id":"\1",.*\}\n\n$/);
    await until(() => chunksOf(chunked.text()).length === number + 1);
  }
});

t.test('a stop ends a stream with the last chunk, a cut-off does not', async (t) => {
  const { port, app } = await buildRelay(t, { drainMs: 0 });
  const { socket, text } = ask(t, port, '/sse/events');
  await until(() => CONNECTED.test(text()));
  await app.close();
  await until(() => socket.closed);
  const chunks = chunksOf(text());
  t.match(chunks.at(-2), /relay\.draining/);
  t.equal(chunks.at(-1), undefined);

  const small = await buildRelay(t, {
    peerBufferBytes: 2 ** 20,
    peersBufferBytes: 2 ** 20,
    heartbeatMs: 600_000,
  });
  const slow = ask(t, small.port, '/sse/events');
  await until(() => CONNECTED.test(slow.text()));
  slow.socket.pause();
  const peers = async (): Promise<number> => JSON.parse((await small.app.inject('/health/ready')).body).peers;
  while ((await peers()) === 1) {
    await small.publish('A', 'updated', 'x'.repeat(100_000));
    await nextTurn(); // In which the relay writes.
  }
  slow.socket.resume();
  await until(() => slow.socket.closed);
  t.notOk(slow.text().endsWith('0\r\n\r\n'));
});

t.test('an empty cursor is none', async (t) => {
  const { port } = await buildRelay(t);
  for (const [path, headers] of [
    ['/sse/events?since=', ''],
    ['/sse/events', 'Last-Event-ID:\r\n'],
    ['/sse/events?since=', 'Last-Event-ID: \r\n'],
  ] as const) {
    const { text } = ask(t, port, path, headers);
    await until(() => CONNECTED.test(text()));
    t.match(text(), /retry: \d+\nid: \S+\ndata: .*relay\.connected/, 'which no gap follows');
  }
  const poll = ask(t, port, '/poll/events?since=&wait=0');
  await until(() => poll.text().includes('"cursor"'));
  t.match(poll.text(), '"events":[]');
});

t.test('a cursor is not moved before a gap was told', async (t) => {
  const { port } = await buildRelay(t);
  const { text } = ask(t, port, '/sse/events?since=nonsense');
  await until(() => text().includes('relay.gap'));
  t.match(text(), /\r\ndata: .*"resumed":false.*\n\n\r\n.*\r\nretry: \d+\nid: \S+\ndata: .*"relay.gap"/);
  const cursor = CONNECTED.exec(text())?.[1];
  const resumed = ask(t, port, '/sse/events?since=nonsense', `Last-Event-ID: ${cursor}\r\n`);
  await until(() => CONNECTED.test(resumed.text()));
  t.match(resumed.text(), `\nid: ${cursor}\ndata: `, 'the header comes before the query');
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
