import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { UPGRADE } from '../../../test/support/raw-request.js';
import { createFastify } from '../src/index.js';

const END = '\r\n\r\n';
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const LAST = `GET / HTTP/1.1\r\nHost: a\r\nConnection: close${END}`;

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** The answers on a connection, each with a Content-Length. */
function parseAnswers(text: string): Answer[] {
  const answers: Answer[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf(END) + END.length;
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    answers.push({ status: Number(head.split(' ')[1]), head, body: rest.slice(end, end + length) });
    rest = rest.slice(end + length);
  }
  return answers;
}

async function build(t: Test) {
  const app = createFastify({ logLevel: 'silent' });
  let release = (): void => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  app.get('/', async () => 'ours');
  app.get('/named/:name', async () => 'named');
  app.post('/', async () => 'posted');
  app.get('/held', async () => {
    await held;
    return 'held';
  });
  app.get('/stream', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { connection: 'close' });
    reply.raw.write('begun');
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());
  const { port } = app.server.address() as AddressInfo;
  const open = (): { socket: Socket; text: () => string } => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', (error) => t.comment(error.message));
    return { socket, text: () => text };
  };
  return {
    app,
    open,
    release: () => release(),
    /** Sends bytes and resolves with all answers once the server has closed the connection. */
    ask: async (...packets: string[]): Promise<Answer[]> => {
      const { socket, text } = open();
      for (const packet of packets) await new Promise((resolve) => socket.write(packet, 'latin1', resolve));
      await once(socket, 'end');
      socket.end();
      return parseAnswers(text());
    },
  };
}

const long = 'a'.repeat(20_000);
const close = 'Host: a\r\nConnection: close';

const REFUSED: readonly [name: string, packets: string[], status: number, code: string][] = [
  ['a lone %', [`GET /% HTTP/1.1\r\n${close}${END}`], 400, 'malformed_url'],
  ['half a character', [`GET /%E0%A4%A HTTP/1.1\r\n${close}${END}`], 400, 'malformed_url'],
  ['no UTF-8', [`GET /named/%ff?access_token=hush HTTP/1.1\r\n${close}${END}`], 400, 'malformed_url'],
  ['a malformed path to POST to', [`POST /% HTTP/1.1\r\n${close}${END}`], 400, 'malformed_url'],
  ['an absolute form', [`GET http://[/% HTTP/1.1\r\n${close}${END}`], 400, 'malformed_url'],
  ['an absolute form without a host', [`GET http://[/ HTTP/1.1\r\n${close}${END}`], 400, 'malformed_url'],
  ['a path without a slash', [`GET nowhere HTTP/1.1\r\n${close}${END}`], 400, 'malformed_request'],
  ['a long name', [`GET /named/${'a'.repeat(5000)} HTTP/1.1\r\n${close}${END}`], 414, 'uri_too_long'],
  ['a long path', [`GET /${long} HTTP/1.1\r\n${close}${END}`], 414, 'uri_too_long'],
  ['a long query', [`GET /?${long} HTTP/1.1\r\n${close}${END}`], 414, 'uri_too_long'],
  ['a long path in two packets', [`GET /${long}`, `${long} HTTP/1.1\r\n${close}${END}`], 414, 'uri_too_long'],
  ['a path without an end', [`GET /${long.repeat(20)}`], 414, 'uri_too_long'],
  ['a long header', [`GET / HTTP/1.1\r\n${close}\r\nX: ${long}${END}`], 431, 'headers_too_large'],
  ['a long name of a header', [`GET / HTTP/1.1\r\n${close}\r\n${long}: 1${END}`], 431, 'headers_too_large'],
  [
    'many headers',
    [`GET / HTTP/1.1\r\n${close}\r\n${'X: 1234567890\r\n'.repeat(2000)}\r\n`],
    431,
    'headers_too_large',
  ],
  [
    'a header without an end',
    [`GET / HTTP/1.1\r\n${close}\r\nX: ${long.repeat(20)}`],
    431,
    'headers_too_large',
  ],
  ['another version', [`GET / HTTP/9.9\r\n${close}${END}`], 400, 'malformed_request'],
  ['HTTP/2', [`PRI * HTTP/2.0${END}SM${END}`], 400, 'malformed_request'],
  ['TLS', ['\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'], 400, 'malformed_request'],
  ['garbage', [`\x00\xff\x01${END}`], 400, 'malformed_request'],
  ['another method', [`BREW / HTTP/1.1\r\n${close}${END}`], 400, 'malformed_request'],
  ['a space before a colon', [`GET / HTTP/1.1\r\n${close}\r\nX : 1${END}`], 400, 'malformed_request'],
  ['NUL in a header', [`GET / HTTP/1.1\r\n${close}\r\nX: \x00${END}`], 400, 'malformed_request'],
  ['a bad length', [`POST / HTTP/1.1\r\n${close}\r\nContent-Length: x${END}`], 400, 'malformed_request'],
  [
    'a negative length',
    [`POST / HTTP/1.1\r\n${close}\r\nContent-Length: -1${END}`],
    400,
    'malformed_request',
  ],
  [
    'two lengths',
    [`POST / HTTP/1.1\r\n${close}\r\nContent-Length: 1\r\nContent-Length: 2${END}ab`],
    400,
    'malformed_request',
  ],
  [
    'a length and chunks',
    [`POST / HTTP/1.1\r\n${close}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked${END}0${END}`],
    400,
    'malformed_request',
  ],
  [
    'chunks not last',
    [`POST / HTTP/1.1\r\n${close}\r\nTransfer-Encoding: chunked, gzip${END}0${END}`],
    400,
    'malformed_request',
  ],
  [
    'a bad chunk',
    [
      `POST / HTTP/1.1\r\n${close}\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json${END}zz\r\n`,
    ],
    400,
    'malformed_request',
  ],
  [
    'extensions of a chunk',
    [
      `POST / HTTP/1.1\r\n${close}\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json${END}1;${long}\r\n`,
    ],
    413,
    'body_too_large',
  ],
  ['no host', [`GET / HTTP/1.1\r\nConnection: close${END}`], 400, 'invalid_host'],
  ['two hosts', [`GET / HTTP/1.1\r\n${close}\r\nHost: b${END}`], 400, 'invalid_host'],
  ['an expectation', [`POST / HTTP/1.1\r\n${close}\r\nExpect: 200-ok${END}`], 417, 'expectation_failed'],
  ['a proxy asked for', [`CONNECT a:443 HTTP/1.1\r\n${close}${END}`], 501, 'not_implemented'],
];

t.test('what is not HTTP, or not to be read, is refused with problem details', async (t) => {
  const { ask } = await build(t);
  for (const [name, packets, status, code] of REFUSED) {
    const answers = await ask(...packets);
    t.equal(answers.length, 1, name);
    const [{ head, body, ...answer } = { status: 0, head: '', body: '{}' }] = answers;
    t.equal(answer.status, status, name);
    t.match(head, /^content-type: application\/problem\+json/im, name);
    const problem = JSON.parse(body);
    t.match(problem, { type: 'about:blank', title: /./, status, code, detail: /./, requestId: /./ }, name);
    t.match(head.toLowerCase(), `x-request-id: ${problem.requestId}`.toLowerCase(), name);
    t.notMatch(body, 'hush', name);
    t.ok(body.length < 500, `${name}: the answer does not repeat what was sent`);
  }
});

t.test('after a malformed path the connection goes on, unless it asked for an upgrade', async (t) => {
  const { ask } = await build(t);
  t.same(
    (await ask(`GET /% HTTP/1.1\r\nHost: a${END}`, LAST)).map(({ status }) => status),
    [400, 200],
  );
  const upgrade = UPGRADE.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  t.match(await ask(`GET /% HTTP/1.1\r\nHost: a\r\n${upgrade}Connection: close\r\n\r\n`), [{ status: 400 }]);
});

t.test('answers to the requests before come first', async (t) => {
  const { ask, release } = await build(t);
  const asked = ask(`GET /held HTTP/1.1\r\nHost: a${END}${GET}`, 'garbage\r\n', 'more');
  release();
  const answers = await asked;
  t.same(
    answers.map(({ status, body }) => [status, status === 200 ? body : '']),
    [
      [200, 'held'],
      [200, 'ours'],
      [400, ''],
    ],
  );
});

t.test('a request has one answer, whatever follows in its body', async (t) => {
  const { ask } = await build(t);
  const head = `POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked${END}`;
  t.match(await ask(head, 'zz\r\n'), [{ status: /^(?:400|404|415)$/ }]);
});

t.test('nothing is written into an answer that has begun', async (t) => {
  const { open } = await build(t);
  const { socket, text } = open();
  socket.write(`GET /stream HTTP/1.1\r\nHost: a${END}`);
  while (!text().endsWith('begun\r\n')) await once(socket, 'data');
  socket.write(`garbage${END}`);
  await once(socket, 'close');
  t.match(text(), /begun\r\n$/);
});

t.test('a request that does not arrive in time is told so', async (t) => {
  const { app, open } = await build(t);
  const connected = once(app.server, 'connection');
  const { socket, text } = open();
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
  const [served] = (await connected) as [Socket];
  app.server.emit('clientError', Object.assign(new Error(), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), served);
  await once(socket, 'end');
  t.match(parseAnswers(text()), [{ status: 408, body: /"code":"request_timeout"/ }]);
  socket.end();
});

t.test('a connection that failed gets nothing', async (t) => {
  const { app, open } = await build(t);
  const connected = once(app.server, 'connection');
  const { socket, text } = open();
  const [served] = (await connected) as [Socket];
  app.server.emit('clientError', Object.assign(new Error(), { code: 'ECONNRESET' }), served);
  await once(socket, 'close');
  t.equal(text(), '');
});
