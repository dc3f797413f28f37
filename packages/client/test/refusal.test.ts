import type { IncomingMessage } from 'node:http';
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

const demands =
  (token: string) =>
  ({ headers }: IncomingMessage) => {
    const isGood =
      headers['sec-websocket-protocol']?.endsWith(`bearer.${token}`) ||
      headers.authorization === `Bearer ${token}`;
    return isGood ? undefined : 401;
  };

t.test('a token that is refused is asked for anew until one is taken', async (t) => {
  const relay = await startFakeRelay(t);
  relay.refuse = demands('good');
  const tokens = ['old', 'old', 'older', 'good', 'stolen', 'stolen', 'stolen', 'good'];
  const { client, reached } = follow(t, { url: relay.url, token: async () => tokens.shift() ?? 'none' });
  const refused = {
    reason: 'unauthorized',
    error: { name: 'RefusedError', code: 401, message: 'refused with 401' },
  };
  for (const _ of [1, 2, 3]) t.match(await reached('offline'), refused);
  const visit = await relay.visits.next();
  t.equal(visit.request.headers['sec-websocket-protocol'], 'dronecast,bearer.good');
  visit.greet();
  await reached('live');
  visit.socket.terminate();
  t.match(await reached('offline'), { reason: 'ended' });
  for (const _ of [1, 2, 3]) t.match(await reached('offline'), refused);
  const second = await relay.visits.next();
  t.equal(second.query.get('since'), 'e.1-0');
  await client.close();
});

t.test('a token that can not change is refused once and for all', async (t) => {
  const relay = await startFakeRelay(t);
  relay.refuse = demands('good');
  for (const transport of ['ws', 'sse', 'poll'] as const) {
    for (const options of [{}, { token: 'bad' }]) {
      const { client, states } = follow(t, { url: relay.url, transport, ...options });
      t.match(await client.closed, { name: 'RefusedError', code: 401, message: 'refused with 401' });
      t.match(await states.take(2), [{ state: 'connecting' }, { state: 'closed', error: { code: 401 } }]);
    }
  }
  const { reached } = follow(t, { url: relay.url, token: 'good' });
  (await relay.visits.next()).greet();
  t.ok(await reached('live'));
});

t.test('a token function that fails, hangs or gives none is asked again', async (t) => {
  const relay = await startFakeRelay(t);
  const answers = [
    (): Promise<string> => new Promise(() => {}),
    (): Promise<string> => Promise.reject('no error at all'),
    (): string => {
      throw new Error('thrown');
    },
    (): string => undefined as never,
    (): string => '',
    (): string => 'two\nlines',
    (): string => 'good',
  ];
  const { reached } = follow(
    t,
    { url: relay.url, token: () => (answers.shift() as () => string)() },
    { callbackMs: 50 },
  );
  for (const message of [
    /did not answer within 50 ms/,
    /./,
    /^thrown$/,
    /no token/,
    /no token/,
    /no token/,
  ]) {
    t.match(await reached('offline'), { reason: 'no_token', error: { message } });
  }
  t.match((await relay.visits.next()).request.headers['sec-websocket-protocol'], 'bearer.good');
});

t.test('a client that waits for a token can be closed', async (t) => {
  const relay = await startFakeRelay(t);
  const { client } = follow(t, { url: relay.url, token: () => new Promise<string>(() => {}) });
  await client.close();
  t.match(client.status, { state: 'closed', error: undefined });
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

t.test('a token that can not be renewed in place is a warning', async (t) => {
  const relay = await startFakeRelay(t);
  const tokens = ['first'];
  const token = (): string => {
    const next = tokens.shift();
    if (!next) throw new Error('the login is away');
    return next;
  };
  const { warnings } = follow(t, { url: relay.url, token });
  const visit = await relay.visits.next();
  visit.greet();
  visit.say({ type: 'relay', event: 'relay.expiring', data: { expiresInMs: 30_000 } });
  t.match(await warnings.next(), { message: 'the login is away' });
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
