import { connect } from 'node:net';
import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { buildRelay } from './build-relay.js';

const statusesIn = (text: string): string[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status = '']) => status);

t.test('a request that does not wait for the answer before it is refused, and nobody is kept', async (t) => {
  for (const path of ['/poll/events?wait=60', '/sse/events']) {
    const { app, port, publish } = await buildRelay(t);
    const peers = async (): Promise<number> => JSON.parse((await app.inject('/health/ready')).body).peers;
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    t.teardown(() => socket.destroy());
    let text = '';
    socket.on('data', (part) => {
      text += part;
    });
    const request = (of: string): string => `GET ${of} HTTP/1.1\r\nHost: x\r\n\r\n`;
    socket.write(request('/poll/events?wait=60') + request(path).repeat(50));
    await until(async () => (await peers()) === 1);
    await publish('A', 'updated');
    await until(() => statusesIn(text).length === 51);
    t.same(statusesIn(text), ['200', ...Array.from({ length: 50 }, () => '400')]);
    t.match(text, /"code":"pipelined_request"/);
    await until(async () => (await peers()) === 0);
    socket.write(request('/poll/events?wait=60'));
    await until(async () => (await peers()) === 1);
    socket.destroy();
    await until(async () => (await peers()) === 0);
  }
});
