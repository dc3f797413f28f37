import t from 'tap';
import { testFolder } from '../../../test/support/folder.js';
import { type RawRequest, rawRequest, UPGRADE } from '../../../test/support/raw-request.js';
import { startStandalone } from './start-standalone.js';

/** Node takes no more than 16 KiB of headers. */
const BYTES = 15_000;
const REQUESTS = 40;
/** How many times the CPU time of a header that nobody reads. What grows with the square takes thousands of times. */
const PATIENCE = 20;
/** Seconds of CPU time below which there is nothing to compare. */
const GRAIN_S = 0.1;

const DRONE = '/api/v1/drones/sn/A-1';
const repeat = (unit: string, end = ''): string => unit.repeat(Math.floor(BYTES / unit.length)) + end;

function* bombs(): Generator<[name: string, request: RawRequest]> {
  const of = (name: string, value: string, request: RawRequest = { path: DRONE }): [string, RawRequest] => [
    `${name}: ${value.slice(0, 12)}… ${request.path}`,
    { ...request, headers: [...(request.headers ?? []), [name, value]] },
  ];
  const socket = { path: '/ws/events', headers: UPGRADE };
  const page = { path: '/' };
  for (const unit of [', ', '"', '"a",', 'W/', 'a,b ']) {
    yield of('If-None-Match', repeat(unit, 'x'));
    yield of('If-Match', repeat(unit, 'x'), { method: 'DELETE', path: DRONE });
    yield of('If-None-Match', repeat(unit, 'x'), page);
  }
  for (const request of [{ path: DRONE }, page, socket]) {
    yield of('Accept', repeat('text/html;q=0.1,', 'x'), request);
    yield of('Accept-Encoding', repeat('gzip;q=0.1, ', 'x'), request);
    yield of('Cookie', repeat('a=b; ', '"'), request);
    yield of('X-Forwarded-For', repeat('127.0.0.1, ', 'x'), request);
    yield of('X-Forwarded-Host', repeat('localhost,', 'x'), request);
    yield of('X-Forwarded-Proto', repeat('https,', 'x'), request);
    yield of('Authorization', `Bearer${repeat(' ', 'x')}`, request);
    yield of('Origin', `http://${repeat('a.', '/')}`, request);
    yield of('Traceparent', repeat('00-', 'x'), request);
    yield of('Tracestate', repeat('a=b,', 'x'), request);
    yield of('Baggage', repeat('a=b,', 'x'), request);
    yield of('Content-Type', repeat('a/b;', 'x'), request);
  }
  for (const unit of ['dronecast, ', 'bearer.a, ', ', ', 'a,']) {
    yield of('Sec-WebSocket-Protocol', repeat(unit, 'x'), socket);
    yield of('Sec-WebSocket-Protocol', repeat(unit, 'x'));
  }
  yield of('Sec-WebSocket-Extensions', repeat('permessage-deflate; a=b, ', 'x'), socket);
  yield of('Range', `bytes=${repeat('0-0,', '0-0')}`, page);
  yield of('If-Modified-Since', repeat('Mon, ', 'x'), page);
  yield of('Last-Event-ID', repeat('a.1-', 'x'), { path: '/sse/events' });
  yield of('Access-Control-Request-Headers', repeat('a, ', 'x'), { method: 'OPTIONS', path: DRONE });
  for (const unit of ['/', '/a', '%2f', '%25', '../', '/:a(', 'a*'])
    yield [`/${unit.repeat(4)}…`, { path: `/${repeat(unit)}` }];
  for (const unit of ['&', 'sn=a&', 'sn=a,', '%25=', 'access_token=a&'])
    yield [`?${unit}…`, { path: `/poll/events?wait=0&${repeat(unit)}` }];
}

t.test('no header, however long, takes more time than its length asks for', async (t) => {
  const { port, url } = await startStandalone(t, {
    DATA_DIR: testFolder(t),
    TRUST_PROXY: '127.0.0.1',
    // Of a collector that is away: with it, the headers of traces are read.
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  });
  const cpuSeconds = async (): Promise<number> => {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^process_cpu_seconds_total (\S+)/m.exec(metrics)?.[1]);
  };
  async function cost({ headers = [], ...request }: RawRequest): Promise<number> {
    const before = await cpuSeconds();
    for (let n = 0; n < REQUESTS; n += 1) {
      const { status } = await rawRequest(port, { ...request, headers: [['Host', 'localhost'], ...headers] });
      if (status >= 500 || Number.isNaN(status)) throw new Error(`answered with ${status}`);
    }
    return (await cpuSeconds()) - before;
  }
  const plain: RawRequest = { path: DRONE, headers: [['X-Nobody-Reads-This', repeat('a, ')]] };
  await cost(plain);
  const bar = PATIENCE * Math.max(await cost(plain), GRAIN_S);
  for (const [name, request] of bombs()) {
    const spent = await cost(request);
    t.ok(spent < bar, `${name}: ${spent.toFixed(2)} s of ${bar.toFixed(2)}`);
  }
});
