import { connect } from 'node:net';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { buildRelay } from './build-relay.js';

const statusesIn = (text: string): string[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = '']) => status);

const request = (of: string, more = ''): string => `GET ${of} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;

async function open(t: Test) {
  const { app, port, publish } = await buildRelay(t);
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  t.teardown(() => socket.destroy());
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  const peers = async (): Promise<number> => JSON.parse((await app.inject('/health/ready')).body).peers;
  return {
    socket,
    publish,
    text: () => text,
    peers: (count: number) => until(async () => (await peers()) === count),
  };
}

t.test('pipelined requests are answered in their order', async (t) => {
  const { socket, publish, text, peers } = await open(t);
  const polls = request('/poll/events?wait=60') + request('/poll/events?wait=0').repeat(3);
  socket.write(polls + request('/health/live') + request('/sse/events'));
  await peers(1);
  t.equal(text(), '', 'nothing overtakes the first answer');
  await publish('A', 'updated');
  await until(() => text().includes('relay.connected'));
  t.same(
    statusesIn(text()),
    Array.from({ length: 6 }, () => '200'),
  );
  const marks = ['"number":1', '"events":[]', '"live"', 'text/event-stream', 'relay.connected'];
  const places = marks.map((mark) => text().indexOf(mark));
  t.same(
    places,
    places.toSorted((one, other) => one - other),
  );
  t.ok(places.every((place) => place > 0));
  await publish('A', 'updated');
  await until(() => text().includes('"number":2'));
  await peers(1);
  socket.destroy();
  await peers(0);
});

t.test('a connection may have so many waiting, and none is kept when it ends', async (t) => {
  for (const path of ['/poll/events?wait=60', '/sse/events']) {
    const { socket, publish, text, peers } = await open(t);
    socket.write(
      request('/poll/events?wait=60') + request('/poll/events?wait=0').repeat(32) + request(path).repeat(20),
    );
    await peers(1);
    await publish('A', 'updated');
    await until(() => statusesIn(text()).length === 53);
    t.same(
      statusesIn(text()),
      Array.from({ length: 53 }, (_, index) => (index < 33 ? '200' : '400')),
    );
    t.match(text(), /"code":"pipelined_request"/);
    await peers(0);
    socket.write(request('/poll/events?wait=60') + request(path).repeat(5));
    await peers(1);
    socket.destroy();
    await peers(0);
  }
});
