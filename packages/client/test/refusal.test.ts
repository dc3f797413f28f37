import { CLOSE_CODES } from '@dronecast/events';
import t from 'tap';
import { startFakeRelay } from './support/fake-relay.js';
import { follow } from './support/follow.js';

t.test('a fatal close code is the end', async (t) => {
  for (const [code, { action }] of Object.entries(CLOSE_CODES)) {
    if (action !== 'fatal') continue;
    const relay = await startFakeRelay(t);
    const { client } = follow(t, { url: relay.url });
    const items = client[Symbol.asyncIterator]();
    const visit = await relay.visits.next();
    visit.greet();
    visit.socket.close(Number(code));
    const error = await client.closed;
    t.match(error, { name: 'RefusedError', code: Number(code) });
    await t.rejects(items.next(), { name: 'RefusedError', code: Number(code) });
    t.match(client.status, { state: 'closed', error });
    t.equal(relay.visits.length, 0);
  }
});

t.test('a token goes along, is asked for anew, and its second refusal is the end', async (t) => {
  const relay = await startFakeRelay(t);
  relay.refuse = ({ headers }) => {
    const isGood =
      /bearer\.good$/.test(headers['sec-websocket-protocol'] ?? '') ||
      headers.authorization === 'Bearer good';
    return isGood ? undefined : 401;
  };
  const tokens = ['old', 'good'];
  const { client, reached } = follow(t, { url: relay.url, token: async () => tokens.shift() ?? 'stolen' });
  const visit = await relay.visits.next();
  t.equal(visit.request.headers['sec-websocket-protocol'], 'dronecast,bearer.good');
  visit.greet();
  await reached('live');
  visit.socket.terminate();
  t.match(await client.closed, { name: 'RefusedError', code: 401, message: 'refused with 401' });

  const none = follow(t, { url: relay.url });
  t.match(await none.client.closed, { code: 401 });
  t.ok(none.states.length <= 3, 'without a token to renew, once is enough');
});

t.test('a token that ends is renewed in place', async (t) => {
  const relay = await startFakeRelay(t);
  const tokens = ['first', 'second'];
  follow(t, { url: relay.url, token: async () => tokens.shift() ?? 'stolen' });
  const visit = await relay.visits.next();
  visit.greet();
  visit.say({ type: 'relay', event: 'relay.expiring', data: { expiresInMs: 30_000 } });
  t.same(await visit.said.next(), { action: 'authenticate', token: 'second' });
});

t.test('a token that can not be had is waited for', async (t) => {
  const relay = await startFakeRelay(t);
  let asked = 0;
  const token = async (): Promise<string> => {
    asked += 1;
    if (asked < 3) throw new Error('the login is away');
    return 'good';
  };
  const { reached } = follow(t, { url: relay.url, token });
  t.match(await reached('offline'), { error: { message: 'the login is away' } });
  t.match((await relay.visits.next()).request.headers['sec-websocket-protocol'], 'bearer.good');
});

t.test('what the relay forbids is the end, whatever the transport', async (t) => {
  const relay = await startFakeRelay(t);
  relay.refuse = () => 403;
  for (const transport of ['ws', 'sse', 'poll', 'auto'] as const) {
    const { client } = follow(t, { url: relay.url, transport });
    t.match(await client.closed, { code: 403, message: 'refused with 403' }, transport);
  }
});

t.test('where nobody answers, it goes on trying', async (t) => {
  const relay = await startFakeRelay(t);
  relay.refuse = () => 503;
  const { reached } = follow(t, { url: relay.url });
  for (const _ of [1, 2, 3]) t.match(await reached('offline'), { error: { message: 'refused with 503' } });
  relay.refuse = () => undefined;
  (await relay.visits.next()).greet();
  t.match(await reached('live'), { transport: 'ws' });
});
