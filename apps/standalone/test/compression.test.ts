import { execFile } from 'node:child_process';
import { type IncomingHttpHeaders, request } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { testFolder } from '../../../test/support/folder.js';
import { startStandalone } from './start-standalone.js';

const run = promisify(execFile);
const DRONES = '/api/v1/drones';
/** Long, so that a single drone is worth encoding. */
const DESCRIPTION = 'by the north gate '.repeat(100);

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** An answer as it comes over the wire. */
function ask(url: string, headers: Record<string, string> = {}, method = 'GET', body?: string | Buffer) {
  return new Promise<Answer>((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        const { statusCode: status = 0, headers } = answer;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const JSON_TYPE = { 'content-type': 'application/json' };
const namesIn = (vary: string | undefined) => vary?.toLowerCase().split(/, ?/).sort();

async function startWithDrones(t: Test): Promise<string> {
  const { url } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  for (let n = 1; n <= 20; n += 1) {
    const payload = {
      deviceSerialNumber: `Z-${n}`,
      deviceName: 'Gate',
      deviceCategory: 'CCTV',
      metadata: { description: DESCRIPTION },
    };
    await ask(`${url}${DRONES}/register`, JSON_TYPE, 'POST', JSON.stringify(payload));
  }
  return url;
}

t.test('JSON of the API', async (t) => {
  const url = await startWithDrones(t);
  const list = `${url}${DRONES}`;
  const plain = await ask(list);
  t.equal(plain.headers['content-encoding'], undefined);
  t.same(namesIn(plain.headers.vary), ['accept-encoding', 'authorization', 'origin']);

  for (const [accepted, encoding, decode] of [
    ['br', 'br', brotliDecompressSync],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['*', 'gzip', gunzipSync],
  ] as const) {
    const { headers, body } = await ask(list, { 'accept-encoding': accepted });
    t.equal(headers['content-encoding'], encoding, accepted);
    t.same(decode(body), plain.body, accepted);
    t.ok(body.length < plain.body.length / 5, accepted);
    t.same(namesIn(headers.vary), namesIn(plain.headers.vary), accepted);
    t.equal(headers['content-type'], plain.headers['content-type'], accepted);
  }
  for (const accepted of ['identity', 'deflate', 'br;q=0', 'zstd', '']) {
    const { headers, body } = await ask(list, { 'accept-encoding': accepted });
    t.equal(headers['content-encoding'], undefined, accepted);
    t.same(body, plain.body, accepted);
  }
  const head = await ask(list, { 'accept-encoding': 'br' }, 'HEAD');
  t.equal(head.status, 200);
  t.equal(head.headers['content-length'], undefined, 'not the length of the plain answer');
  t.same(namesIn(head.headers.vary), namesIn(plain.headers.vary));
  t.equal((await ask(list, {}, 'HEAD')).headers['content-length'], `${plain.body.length}`);

  const small = await ask(`${list}?limit=1&q=NOBODY`, { 'accept-encoding': 'br' });
  t.equal(small.headers['content-encoding'], undefined, 'nothing to gain');
  t.ok(namesIn(small.headers.vary)?.includes('accept-encoding'));
  const document = await ask(`${url}/openapi.json`, { 'accept-encoding': 'gzip' });
  t.match(JSON.parse(gunzipSync(document.body).toString()), { info: { title: 'Dronecast' } });
});

t.test('clients decode it', async (t) => {
  const url = await startWithDrones(t);
  const answer = await fetch(`${url}${DRONES}`);
  t.match(answer.headers.get('content-encoding'), /^(?:br|gzip)$/);
  t.match(await answer.json(), { results: 20 });
  const { stdout } = await run('curl', ['-sS', '--compressed', `${url}${DRONES}`]);
  t.match(JSON.parse(stdout), { results: 20 });
});

t.test('a drone has one ETag and one representation', async (t) => {
  const url = await startWithDrones(t);
  const drone = `${url}${DRONES}/sn/Z-1`;
  const plain = await ask(drone);
  const accepting = await ask(drone, { 'accept-encoding': 'br, gzip' });
  t.ok(plain.body.length > 1024);
  t.equal(accepting.headers['content-encoding'], undefined);
  t.same(accepting.body, plain.body);
  const { etag = '' } = accepting.headers;
  t.equal(etag, plain.headers.etag);
  const known = await ask(drone, { 'accept-encoding': 'br', 'if-none-match': etag });
  t.equal(known.status, 304);
  const headers = { ...JSON_TYPE, 'if-match': etag, 'accept-encoding': 'br' };
  const changed = await ask(drone, headers, 'PATCH', '{"deviceName":"Quay"}');
  t.equal(changed.status, 200);
  t.equal(changed.headers['content-encoding'], undefined);
  t.equal((await ask(drone, headers, 'PATCH', '{"deviceName":"Pier"}')).status, 412);
});

t.test('files of the page are encoded by the build', async (t) => {
  const { url } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  const index = (await ask(`${url}/`)).body.toString();
  const [, script = ''] = /src="\/?(\.?\/?assets\/[^"]+\.js)"/.exec(index) ?? [];
  const asset = new URL(script, url).href;
  const plain = await ask(asset);
  t.equal(plain.status, 200);
  t.equal(plain.headers['content-encoding'], undefined);
  t.match(plain.headers, { vary: /accept-encoding/, 'cache-control': 'max-age=31536000, immutable' });
  const tags = new Set([plain.headers.etag]);
  for (const [encoding, decode] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    const { headers, body } = await ask(asset, { 'accept-encoding': encoding });
    t.equal(headers['content-encoding'], encoding);
    t.same(decode(body), plain.body);
    t.ok(body.length < plain.body.length / 2.5);
    t.match(headers, {
      vary: /accept-encoding/,
      'content-type': plain.headers['content-type'],
      'cache-control': 'max-age=31536000, immutable',
      'content-security-policy': String,
    });
    tags.add(headers.etag);
    const known = { 'accept-encoding': encoding, 'if-none-match': headers.etag ?? '' };
    t.equal((await ask(asset, known)).status, 304);
    const head = await ask(asset, { 'accept-encoding': encoding }, 'HEAD');
    t.match(head.headers, { 'content-encoding': encoding, 'content-length': `${body.length}` });
    t.equal((await ask(`${asset}.${encoding === 'br' ? 'br' : 'gz'}`)).status, 404, 'only as an encoding');
  }
  t.equal(tags.size, 3, 'each representation has an ETag of its own');
  const part = await ask(asset, { range: 'bytes=100-199' });
  t.match(part, { status: 206, headers: { 'content-range': `bytes 100-199/${plain.body.length}` } });
  t.same(part.body, plain.body.subarray(100, 200));
  const root = await ask(`${url}/`, { 'accept-encoding': 'br, gzip' });
  t.match(root.body.toString(), '<!doctype html>', 'a small file is sent as it is');
});

t.test('streams and polls are never encoded, and no body is decoded', async (t) => {
  const url = await startWithDrones(t);
  const accepting = { 'accept-encoding': 'br, gzip' };
  const controller = new AbortController();
  const stream = await fetch(`${url}/sse/events?since=0`, { headers: accepting, signal: controller.signal });
  t.equal(stream.headers.get('content-encoding'), null);
  t.match(stream.headers.get('content-type'), 'text/event-stream');
  controller.abort();
  const poll = await ask(`${url}/poll/events?wait=0`, accepting);
  t.equal(poll.status, 200);
  t.equal(poll.headers['content-encoding'], undefined);
  const encoded = gzipSync(JSON.stringify({ streamIsOn: true }));
  const answer = await ask(
    `${url}${DRONES}/sn/Z-1`,
    { ...JSON_TYPE, 'content-encoding': 'gzip', ...accepting },
    'PATCH',
    encoded,
  );
  t.match(answer, { status: 400 });
});
