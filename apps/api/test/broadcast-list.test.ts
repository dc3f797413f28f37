import { type AuthOptions, SCOPES, signToken } from '@dronecast/auth';
import { createMemoryBus, createRedisBus, type EventBus } from '@dronecast/bus';
import { STREAM_START } from '@dronecast/events';
import { createClient } from 'redis';
import t, { type Test } from 'tap';
import { until } from '../../../test/support/queue.js';
import { requiresRedis, startRedis } from '../../../test/support/redis-server.js';
import { buildApi } from './build-api.js';

const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';
const AUTH: AuthOptions = { mode: 'secret', secret: SECRET, issuer: undefined, audience: undefined };
const LIST = '/api/v1/system/broadcasts';
const skip = !requiresRedis(t) && 'redis-server missing';

const tokenOf = async (sub: string) => {
  const content = { sub, scope: SCOPES.join(' '), drones: '*', expiresInSeconds: 3600 };
  return { authorization: `Bearer ${await signToken(content, SECRET)}` };
};

async function redisBus(url: string): Promise<EventBus> {
  const bus = createRedisBus({ url, log: { info() {}, warn() {} }, timeoutMs: 500 });
  await until(bus.isReady);
  return bus;
}

const BUSES: Record<string, (t: Test) => Promise<EventBus>> = {
  memory: async () => createMemoryBus({ maxEvents: 1000, maxAgeHours: 1 }),
  redis: async (t) => redisBus((await startRedis(t)).url),
};

for (const [name, createBus] of Object.entries(BUSES)) {
  t.test(`${name}: the last broadcasts as they were sent, newest first`, { skip }, async (t) => {
    const { bus, call } = await buildApi(t, { auth: AUTH, bus: await createBus(t) });
    const headers = await tokenOf('operator-7');
    const post = async (payload: object, more: Record<string, string> = {}, sender = headers) => {
      const url = '/api/v1/system/broadcast';
      t.equal((await call({ method: 'POST', url, payload, headers: { ...sender, ...more } })).status, 202);
    };
    const list = async (query = '') => (await call({ url: `${LIST}${query}`, headers })).body;
    t.same(await list(), { status: 'success', results: 0, data: { broadcasts: [] } });

    await post({ message: 'one', level: 'info' });
    await post({ message: 'two', level: 'critical', data: { '2': 1.5, '1': ['\u2028'], until: null } });
    for (let n = 0; n < 2; n += 1)
      await post({ message: 'three', level: 'error' }, { 'idempotency-key': 'k' });
    await post({ message: 'four', level: 'info' }, {}, await tokenOf('half a \ud83d'));
    const sent = (await bus.read(STREAM_START, 100)).events.map(({ frame }) => JSON.parse(frame.toString()));
    const all = await list();
    t.strictSame(all, { status: 'success', results: 4, data: { broadcasts: sent.reverse() } });
    t.match(all.data.broadcasts, [
      { type: 'system:event', event: 'system.broadcast', actor: 'half a \ufffd', data: { message: 'four' } },
      { actor: 'operator-7', data: { message: 'three' } },
      { actor: 'operator-7', data: { message: 'two', data: { until: null } } },
      { actor: 'operator-7', data: { message: 'one', level: 'info' } },
    ]);
    t.same((await list('?limit=2')).data.broadcasts, sent.slice(0, 2));
    for (const limit of ['0', '101', '1.5', 'x', '']) {
      const { status, body } = await call({ url: `${LIST}?limit=${limit}`, headers });
      t.match([status, body], [400, { errors: [{ pointer: '/limit' }] }], limit);
    }
    t.equal((await call({ url: `${LIST}?cursor=x`, headers })).status, 400);

    for (let n = 0; n < 101; n += 1) await post({ message: `more ${n}`, level: 'info' });
    t.match(await list(), { results: 100, data: { broadcasts: [{ data: { message: 'more 100' } }] } });
  });
}

t.test('memory: nobody is named where no token is asked for', async (t) => {
  const { call } = await buildApi(t);
  const payload = { message: 'one', level: 'info' };
  await call({ method: 'POST', url: '/api/v1/system/broadcast', payload });
  const { body } = await call({ url: LIST });
  t.same(Object.keys(body.data.broadcasts[0]), ['id', 'type', 'event', 'channel', 'timestamp', 'data']);
});

t.test(
  'redis: what others put into the list hides none of ours, and new members stay',
  { skip },
  async (t) => {
    const { url } = await startRedis(t);
    const { call } = await buildApi(t, { bus: await redisBus(url) });
    const payload = { message: 'ours', level: 'info' };
    await call({ method: 'POST', url: '/api/v1/system/broadcast', payload });
    const client = createClient({ url });
    await client.connect();
    t.teardown(() => client.destroy());
    const [ours = ''] = await client.lRange('{dronecast}:broadcasts', 0, 0);
    const later = { ...JSON.parse(ours), ofLater: { a: 1 } };
    later.data.level = 'ultimate';
    for (const text of ['', '{', 'null', '[]', '{"id":"x"}', '{"__proto__":1}', JSON.stringify(later)])
      await client.lPush('{dronecast}:broadcasts', text);
    t.strictSame((await call({ url: LIST })).body.data.broadcasts, [later, JSON.parse(ours)]);
  },
);

t.test('redis: away, 503 with Retry-After, and there again afterwards', { skip }, async (t) => {
  const server = await startRedis(t, { args: ['--appendonly', 'yes'] });
  const { call } = await buildApi(t, { bus: await redisBus(server.url) });
  const payload = { message: 'one', level: 'info' };
  await call({ method: 'POST', url: '/api/v1/system/broadcast', payload });
  await server.stop('SIGKILL');
  t.match(await call({ url: LIST }), {
    status: 503,
    headers: { 'retry-after': /^\d+$/, 'content-type': /^application\/problem\+json/ },
    body: { code: 'bus_unavailable' },
  });
  await server.start();
  await until(async () => (await call({ url: LIST })).status === 200);
  t.match((await call({ url: LIST })).body, { results: 1, data: { broadcasts: [{ data: payload }] } });
});
