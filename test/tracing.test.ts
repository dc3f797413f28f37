import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { call, registration } from './support/api.js';
import { requiresMongo, startMongo } from './support/mongo-server.js';
import { startProcess } from './support/process.js';
import { until } from './support/queue.js';
import { requiresRedis, startRedis } from './support/redis-server.js';
import { connectSocket } from './support/socket-client.js';

const hasAll = [requiresRedis(t), requiresMongo(t)].every(Boolean);
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

interface Span {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue?: string } }[] };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<Span, 'service'>[] }[];
  }[];
}

t.test('one trace from a PATCH to the socket', { skip: !hasAll && 'no servers' }, async (t) => {
  const spans: Span[] = [];
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString()) as Export;
    for (const { resource, scopeSpans } of resourceSpans) {
      const name = resource.attributes.find(({ key }) => key === 'service.name');
      for (const scope of scopeSpans)
        spans.push(...scope.spans.map((span) => ({ ...span, service: name?.value.stringValue ?? '' })));
    }
    response.end('{}');
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  t.teardown(() => collector.close());
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;

  const [redis, mongo] = await Promise.all([startRedis(t), startMongo(t)]);
  const env = { REDIS_URL: redis.url, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  const api = await startProcess(t, 'apps/api/dist/server.js', { ...env, MONGODB_URL: mongo.url });
  const relay = await startProcess(t, 'apps/relay/dist/server.js', env);
  for (const { url } of [api, relay]) await until(async () => (await fetch(`${url}/health/ready`)).ok);
  await call(api.url, 'POST', '/api/v1/drones/register', registration('TRACE-1'));
  const client = await connectSocket(
    t,
    `${relay.url.replace('http', 'ws')}/ws/events?sn=TRACE-1&events=updated`,
  );

  const traceparent = `00-${TRACE}-${CALLER}-01`;
  await call(api.url, 'PATCH', '/api/v1/drones/sn/TRACE-1', { deviceName: 'x' }, { traceparent });
  const event = await client.frames.next();
  t.match(event, { event: 'drone.updated', traceparent: new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`) });

  const ofTrace = () => spans.filter(({ traceId }) => traceId === TRACE);
  await until(() => ofTrace().length >= 4);
  const byName = new Map(ofTrace().map((span) => [span.name, span]));
  t.same([...byName.values()].map(({ service, name }) => `${service}: ${name}`).sort(), [
    'dronecast-api: PATCH /api/v1/drones/sn/:sn',
    'dronecast-api: commit',
    'dronecast-api: publish',
    'dronecast-relay: deliver',
  ]);
  const request = byName.get('PATCH /api/v1/drones/sn/:sn');
  const commit = byName.get('commit');
  t.equal(request?.parentSpanId, CALLER);
  t.equal(commit?.parentSpanId, request?.spanId);
  for (const name of ['publish', 'deliver']) t.equal(byName.get(name)?.parentSpanId, commit?.spanId);
});
