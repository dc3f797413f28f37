import t from 'tap';
import { until } from '../../../test/support/queue.js';
import { startFakeRelay } from './support/fake-relay.js';
import { follow } from './support/follow.js';

const pong = { type: 'relay', event: 'relay.pong', data: { cursor: 'e.1-0' } };

t.test('one ping is on its way, and all who ask wait for its answer', async (t) => {
  const relay = await startFakeRelay(t);
  const { client, reached } = follow(t, { url: relay.url });
  t.equal(client.lastFrameAt, undefined);
  t.equal(await client.ping(), undefined, 'before the client is live');
  const visit = await relay.visits.next();
  visit.greet();
  await reached('live');
  t.equal(client.heartbeatMs, 60_000, 'as the relay has told it');
  const heardAt = client.lastFrameAt ?? 0;
  t.ok(heardAt > 0);
  const both = Promise.all([client.ping(), client.ping()]);
  t.same(await visit.said.next(), { action: 'ping' });
  visit.say(pong);
  t.match(await both, [Number, Number]);
  t.ok((client.lastFrameAt ?? 0) >= heardAt);
  const again = client.ping();
  t.same(await visit.said.next(), { action: 'ping' });
  t.equal(visit.said.length, 0);
  visit.say(pong);
  t.type(await again, 'number');
});

t.test('a ping and a change of the filter each have their own answer', async (t) => {
  const relay = await startFakeRelay(t);
  const { client, reached } = follow(t, { url: relay.url, sn: 'A' });
  const visit = await relay.visits.next();
  visit.greet();
  await reached('live');
  const settled: string[] = [];
  const all = [
    client.ping().then(() => settled.push('ping')),
    client.subscribe({ sn: ['B'] }).then(() => settled.push('subscribe')),
  ];
  t.same(await visit.said.take(3), [
    { action: 'ping' },
    { action: 'subscribe', sn: ['B'] },
    { action: 'ping' },
  ]);
  visit.say(pong);
  await until(() => settled.length === 1);
  t.same(settled, ['ping']);
  visit.say(pong);
  await Promise.all(all);
  t.same(settled, ['ping', 'subscribe']);
});

t.test('a ping without an answer fails, and no other is sent before it has one', async (t) => {
  const relay = await startFakeRelay(t);
  const { client, reached } = follow(t, { url: relay.url }, { pingMs: 50 });
  const visit = await relay.visits.next();
  visit.greet();
  await reached('live');
  for (let tries = 0; tries < 3; tries += 1)
    await t.rejects(client.ping(), { name: 'ConnectionError', message: /did not answer within 50 ms/ });
  t.equal((await visit.said.take(1)).length, 1);
  t.equal(visit.said.length, 0);
  const late = client.ping();
  visit.say(pong);
  t.type(await late, 'number');
});

t.test('a ping fails with its connection, and with the client', async (t) => {
  const relay = await startFakeRelay(t);
  const { client, reached } = follow(t, { url: relay.url });
  const first = await relay.visits.next();
  first.greet();
  await reached('live');
  const lost = client.ping();
  await first.said.next();
  first.socket.terminate();
  await t.rejects(lost, { name: 'ConnectionError' });
  const second = await relay.visits.next();
  second.greet();
  await reached('live');
  const closed = client.ping();
  await second.said.next();
  await Promise.all([t.rejects(closed, { name: 'ConnectionError' }), client.close()]);
  t.equal(await client.ping(), undefined);
});
