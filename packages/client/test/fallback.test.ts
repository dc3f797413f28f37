import t from 'tap';
import { buildRelay } from '../../../apps/relay/test/build-relay.js';
import { follow, range } from './support/follow.js';
import { startGateway } from './support/gateway.js';

t.test('a proxy that strips upgrades costs no event, and the client returns to WebSocket', async (t) => {
  const upstream = await buildRelay(t);
  const gateway = await startGateway(t, upstream);
  gateway.stripsUpgrade = true;
  const climb = { firstMs: 50, mostMs: 50 };
  const { reached, numbers } = follow(t, { url: gateway.url }, { climb });
  t.match(await reached('live'), { transport: 'sse' });
  for (const _ of range(1, 10)) await upstream.publish('A', 'updated');
  t.same(await numbers(10), range(1, 10));

  gateway.stripsUpgrade = false;
  t.match(await reached('live'), { transport: 'ws' });
  for (const _ of range(11, 20)) await upstream.publish('A', 'updated');
  t.same(await numbers(10), range(11, 20));

  gateway.stripsUpgrade = true;
  gateway.cut();
  for (const _ of range(21, 30)) await upstream.publish('A', 'updated');
  t.match(await reached('live'), { transport: 'sse' });
  t.same(await numbers(10), range(21, 30));
});

t.test('a proxy that holds streams back leaves polling', async (t) => {
  const upstream = await buildRelay(t);
  const gateway = await startGateway(t, upstream);
  gateway.stripsUpgrade = true;
  gateway.holdsStreams = true;
  const slowly = { firstMs: 600_000, mostMs: 600_000 };
  const { reached, numbers } = follow(t, { url: gateway.url, sn: 'A' }, { greetingMs: 100, climb: slowly });
  t.match(await reached('live'), { transport: 'poll' });
  for (const serialNumber of ['A', 'B', 'A']) await upstream.publish(serialNumber, 'updated');
  t.same(await numbers(2), [1, 3]);
});

for (const transport of ['ws', 'sse', 'poll'] as const) {
  t.test(`${transport}: filters, resumes and tells of gaps`, async (t) => {
    const upstream = await buildRelay(t);
    const gateway = await startGateway(t, upstream);
    const options = { url: gateway.url, transport, sn: ['A', 'C*'], events: ['updated'] } as const;
    const { reached, numbers, client } = follow(t, options);
    t.match(await reached('live'), { transport });
    for (const serialNumber of ['A', 'B', 'CC']) await upstream.publish(serialNumber, 'updated');
    await upstream.publish('A', 'stream');
    t.same(await numbers(2), [1, 3]);
    gateway.cut();
    for (const serialNumber of ['A', 'B', 'CC']) await upstream.publish(serialNumber, 'updated');
    t.same(await numbers(2), [5, 7]);
    await client.subscribe({ sn: ['B'] });
    if (transport === 'ws')
      t.equal(gateway.requests.filter((path) => path === 'upgrade').length, 2, 'no third connection');
    await upstream.publish('B', 'updated');
    t.same(await numbers(1), [8]);

    const lost = follow(t, { ...options, cursor: { load: () => 'abc.1-0', save() {} } });
    t.match(await lost.items.next(), { event: 'relay.gap' });
  });
}
