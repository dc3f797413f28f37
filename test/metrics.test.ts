import parseText from 'parse-prometheus-text-format';
import t from 'tap';
import { call, registration } from './support/api.js';
import { until } from './support/queue.js';
import { connectSocket } from './support/socket-client.js';
import { requiresSystem, startSystem } from './support/system.js';

interface Family {
  readonly name: string;
  readonly type: string;
  readonly metrics: readonly { readonly value?: string; readonly count?: string; readonly labels?: object }[];
}

/** What a process tells, by name. */
async function scrape({ url }: { url: string }): Promise<Map<string, Family>> {
  const answer = await fetch(`${url}/metrics`);
  if (!answer.ok) throw new Error(`${answer.status}`);
  return new Map((parseText(await answer.text()) as Family[]).map((family) => [family.name, family]));
}

const total = (families: Map<string, Family>, name: string): number =>
  (families.get(name)?.metrics ?? []).reduce((sum, { value, count }) => sum + Number(value ?? count), 0);

t.test(
  'what API and relay tell of themselves',
  { skip: !requiresSystem(t) && 'servers missing' },
  async (t) => {
    const { apis, relays, redis } = await startSystem(t);
    const [api] = apis;
    const [relay] = relays;
    const client = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events`);
    await call(api.url, 'POST', '/api/v1/drones/register', registration('METER-1'));
    for (let change = 0; change < 4; change += 1)
      await call(api.url, 'PATCH', '/api/v1/drones/sn/METER-1', { deviceName: `n${change}` });
    await client.frames.take(5);
    await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events?since=${client.greeting.cursor}`);
    await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events?since=nonsense`);

    const ofApi = await scrape(api);
    t.equal(total(ofApi, 'dronecast_publish_lag_seconds'), 5);
    t.equal(total(ofApi, 'dronecast_publish_failures_total'), 0);
    t.ok(total(ofApi, 'dronecast_outbox_drones') <= 1, 'an acknowledgement may wait');
    const text = await (await fetch(`${api.url}/metrics`)).text();
    t.match(
      text,
      'http_request_duration_seconds_count{method="PATCH",route="/api/v1/drones/sn/:sn",status="200"} 4',
    );
    t.notMatch(text, 'METER-1', 'nothing grows with the fleet');
    t.ok(total(ofApi, 'nodejs_eventloop_lag_seconds') >= 0);

    const ofRelay = await scrape(relay);
    t.equal(total(ofRelay, 'dronecast_peers'), 3);
    t.equal(total(ofRelay, 'dronecast_bus_live'), 1);
    t.equal(total(ofRelay, 'dronecast_deliveries_total'), 5);
    t.ok(total(ofRelay, 'dronecast_delivery_writes_total') <= 5);
    t.ok(total(ofRelay, 'dronecast_delivered_bytes_total') > 1000);
    t.equal(total(ofRelay, 'dronecast_relay_lag_seconds'), 5);
    t.same(
      ofRelay.get('dronecast_resumes_total')?.metrics.map(({ labels, value }) => [labels, value]),
      [
        [{ outcome: 'resumed' }, '1'],
        [{ outcome: 'gap' }, '1'],
      ],
    );
    t.equal(total(ofRelay, 'dronecast_gaps_total'), 0);
    const writes = total(ofRelay, 'dronecast_write_lag_seconds');
    t.ok(writes >= 1 && writes <= 5, `${writes} windows`);
    client.socket.close();
    await client.closed;
    const closes = async () =>
      ((await scrape(relay)).get('dronecast_closes_total')?.metrics ?? []).filter(
        ({ value }) => value !== '0',
      );
    await until(async () => (await closes()).length > 0);
    t.same(
      (await closes()).map(({ labels, value }) => [labels, value]),
      [[{ code: 'left' }, '1']],
    );

    await redis.stop('SIGKILL');
    await call(api.url, 'PATCH', '/api/v1/drones/sn/METER-1', { deviceName: 'while redis is away' });
    t.equal(total(await scrape(api), 'dronecast_outbox_drones'), 1);
  },
);

/** Mean of a histogram, in milliseconds. */
function meanMs(text: string, name: string): number {
  const figure = (part: string): number =>
    Number(new RegExp(`^${name}_${part} (\\S+)$`, 'm').exec(text)?.[1]);
  return (1000 * figure('sum')) / figure('count');
}

t.test(
  'the stages of an event add up to what its clients see',
  { skip: !requiresSystem(t) && 'servers missing' },
  async (t) => {
    const { apis, relays } = await startSystem(t);
    const [api] = apis;
    const [relay] = relays;
    await call(api.url, 'POST', '/api/v1/drones/register', registration('STAGE-1'));
    const client = await connectSocket(t, `ws://127.0.0.1:${relay.port}/ws/events?events=updated`);
    const seen: number[] = [];
    client.socket.on('message', (data) => {
      seen.push(Date.now() - Date.parse(JSON.parse(data.toString()).timestamp));
    });
    const CHANGES = 200;
    for (let change = 0; change < CHANGES; change += 1)
      await call(api.url, 'PATCH', '/api/v1/drones/sn/STAGE-1', { deviceName: `n${change}` });
    await client.frames.take(CHANGES);
    const text = async ({ url }: { url: string }) => (await fetch(`${url}/metrics`)).text();
    const [ofApi, ofRelay] = await Promise.all([text(api), text(relay)]);
    const stages = [
      meanMs(ofApi, 'dronecast_publish_lag_seconds'),
      meanMs(ofRelay, 'dronecast_relay_lag_seconds'),
      meanMs(ofRelay, 'dronecast_write_lag_seconds'),
    ];
    const sum = stages.reduce((all, stage) => all + stage, 0);
    const mean = seen.reduce((all, ms) => all + ms, 0) / seen.length;
    // Clocks tick in milliseconds, and the client takes its own time to read.
    t.ok(
      Math.abs(mean - sum) <= Math.max(sum, 5),
      `${stages.map((ms) => ms.toFixed(1))} ms, seen ${mean.toFixed(1)} ms`,
    );
  },
);
