import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import t from 'tap';
import { createDeadline } from '../src/deadline.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

t.test('a request that is never answered ends, however often garbage is collected', async (t) => {
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const closing = new AbortController();
  const collecting = setInterval(collectGarbage, 20);
  t.teardown(() => clearInterval(collecting));

  await t.rejects(fetch(url, { signal: createDeadline(closing.signal, 300).signal }), {
    name: 'TimeoutError',
  });

  const request = fetch(url, { signal: createDeadline(closing.signal, 60_000).signal });
  closing.abort(new Error('closed'));
  await t.rejects(request, { message: 'closed' });
  await t.rejects(fetch(url, { signal: createDeadline(closing.signal, 60_000).signal }), {
    message: 'closed',
  });
});
