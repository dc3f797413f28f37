import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { registration } from '../../../test/support/api.js';
import { testFolder } from '../../../test/support/folder.js';
import { connectSocket } from '../../../test/support/socket-client.js';
import { startStandalone } from './start-standalone.js';

/** Makes `localhost` the name of both addresses, whatever this machine's own table of names says. */
const BOTH = `data:text/javascript,${encodeURIComponent(`
  import dns, { promises } from 'node:dns';
  import { syncBuiltinESMExports } from 'node:module';
  const ADDRESSES = [{ address: '::1', family: 6 }, { address: '127.0.0.1', family: 4 }];
  const { lookup } = dns;
  dns.lookup = (name, options, callback) => {
    if (name !== 'localhost') return lookup(name, options, callback);
    if (options.all) setImmediate(callback, null, ADDRESSES);
    else setImmediate(callback ?? options, null, ADDRESSES[0].address, ADDRESSES[0].family);
  };
  const { lookup: ask } = promises;
  promises.lookup = async (name, options) =>
    name !== 'localhost' ? ask(name, options) : options.all ? ADDRESSES : ADDRESSES[0];
  syncBuiltinESMExports();
`)}`;
const ADDRESSES = ['127.0.0.1', '::1'];

/** Sends bytes, and resolves with all that comes until the server closes the connection. */
async function send(host: string, port: number, text: string): Promise<string> {
  const socket = connect(port, host);
  let answer = '';
  socket.setEncoding('utf8').on('data', (part) => {
    answer += part;
  });
  socket.write(text);
  await once(socket, 'end');
  socket.end();
  return answer;
}

t.test('every address of localhost answers alike, and closes with the others', async (t) => {
  const server = await startStandalone(t, {
    DATA_DIR: testFolder(t),
    HOST: 'localhost',
    NODE_OPTIONS: `--import=${BOTH}`,
  });
  const { port } = server;
  const body = (sn: string): string => {
    const text = JSON.stringify(registration(sn));
    return `Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
  };
  const head = 'Host: localhost\r\nConnection: close';
  for (const [index, host] of ADDRESSES.entries()) {
    for (const [name, text, status, code] of [
      ['not HTTP', 'nonsense\r\n\r\n', 400, 'malformed_request'],
      ['a lone %', `GET /% HTTP/1.1\r\n${head}\r\n\r\n`, 400, 'malformed_url'],
      ['a long target', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${head}\r\n\r\n`, 414, 'uri_too_long'],
      [
        'large headers',
        `GET / HTTP/1.1\r\n${head}\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
        431,
        'headers_too_large',
      ],
      ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, undefined],
      ['an expectation', `GET / HTTP/1.1\r\n${head}\r\nExpect: 200-ok\r\n\r\n`, 417, 'expectation_failed'],
      ['a tunnel', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 501, 'not_implemented'],
    ] as const) {
      const answer = await send(host, port, text);
      t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), `${host}: ${name}`);
      t.match(answer, /content-type: application\/problem\+json/i, `${host}: ${name}`);
      if (code) t.match(answer, `"code":"${code}"`, `${host}: ${name}`);
    }
    const upgrade =
      'Host: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA';
    const post = `POST /api/v1/drones/register HTTP/1.1\r\n${upgrade}\r\n${body(`UP-${index}`)}`;
    const last = `GET /health/live HTTP/1.1\r\n${head}\r\n\r\n`;
    t.match(await send(host, port, post + last), /^HTTP\/1\.1 201 (?:.|\s)*HTTP\/1\.1 200 /, `${host}: h2c`);
  }

  const peers = await Promise.all(
    ['127.0.0.1', '[::1]'].map((host) => connectSocket(t, `ws://${host}:${port}/ws/events`)),
  );
  await send('::1', port, `POST /api/v1/drones/register HTTP/1.1\r\n${head}\r\n${body('BOTH')}`);
  for (const { frames } of peers) t.equal((await frames.next()).serialNumber, 'BOTH');

  const polls = ADDRESSES.map((host) =>
    send(host, port, 'GET /poll/events?wait=20 HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  );
  // An answered request behind each poll says that the server has read it.
  await Promise.all(
    ADDRESSES.map((host) => send(host, port, `GET /health/live HTTP/1.1\r\n${head}\r\n\r\n`)),
  );
  t.equal(await server.stop(), 0);
  for (const { frames, closed } of peers) {
    t.equal((await frames.next()).event, 'relay.draining');
    t.equal((await closed).code, 1012);
  }
  for (const poll of polls) t.match(await poll, /^HTTP\/1\.1 200 (?:.|\s)*"events":/);
  for (const host of ADDRESSES) {
    const [error] = await once(connect(port, host), 'error');
    t.equal(error.code, 'ECONNREFUSED', host);
  }
  t.match(server.output(), /Server listening at http:\/\/\[::1\]:/);
});
