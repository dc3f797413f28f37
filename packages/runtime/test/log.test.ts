import { inspect } from 'node:util';
import { pino } from 'pino';
import t from 'tap';
import { logOptions } from '../src/log.js';
import { maskSecrets } from '../src/mask-secrets.js';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJvcHMifQ.c2VjcmV0LXNpZ25hdHVyZQ';

/** What a log writes while `write` uses it. */
function logged(write: (log: pino.Logger) => void): string {
  const lines: string[] = [];
  write(pino(logOptions('trace'), { write: (line: string) => lines.push(line) }));
  return lines.join('');
}

function caught(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

t.test('no line shows a secret, wherever in it that stands', async (t) => {
  const url = 'mongodb://pilot:sesame@db-1:27017,db-2:27017/fleet';
  const cases: Record<string, (log: pino.Logger) => void> = {
    'a message': (log) => log.info(`connecting to ${url}`),
    'an error': (log) => log.warn({ err: new Error(`cannot reach ${url}`) }, 'away'),
    'a cause': (log) => log.error({ err: new Error('away', { cause: new Error(url) }) }),
    'one of several errors': (log) => log.error({ err: new AggregateError([new Error(url)], 'away') }),
    'a member of an error': (log) =>
      log.error({
        err: Object.assign(new Error('away'), { options: { credentials: { password: 'sesame' } } }),
      }),
    "Node's error for a bad URL": (log) =>
      log.error({ err: caught(() => new URL('redis://:ses ame@h:99999')) }),
    'a quote in the password of a URL': (log) => log.info('redis://:ses"ame@cache'),
    'text that is JSON': (log) => log.info({ body: JSON.stringify({ password: 'ses"ame' }) }),
    'a bound member': (log) =>
      log.child({ peer: { streamCredentials: { password: 'sesame' } } }).info('hello'),
    'the query of a request': (log) => log.info({ url: `/ws/events?sn=A&access_token=${TOKEN}&since=1` }),
    'a stream URL': (log) => log.info({ streamUrl: 'http://cam/v?user=ops&pwd=sesame&channel=1#a' }),
    'a URL in an error': (log) => log.error({ err: new Error('no stream at "srt://in?passphrase=sesame"') }),
    'secrets in a path': (log) => log.warn('rtsp://cam:554/user=ops&password=ses/ame&channel=1/s.sdp failed'),
    headers: (log) => log.info({ headers: { authorization: `Bearer ${TOKEN}` } }),
    'basic authorization': (log) => log.info({ headers: { Authorization: 'Basic c2VzYW1l' } }),
    'raw headers': (log) => log.info({ rawHeaders: ['Authorization', `Bearer ${TOKEN}`] }),
    subprotocols: (log) => log.info({ 'sec-websocket-protocol': `dronecast, bearer.${TOKEN}` }),
    'a chosen subprotocol': (log) => log.info(`bearer.${TOKEN} was offered`),
  };
  for (const [name, write] of Object.entries(cases)) {
    const text = logged(write);
    t.notMatch(text, /ses"?\\?.?ame|c2VzYW1l|eyJ|c2VjcmV0/, name);
    t.match(text, /\*\*\*/, name);
    t.ok(JSON.parse(text), `${name}: a line stays JSON`);
  }
});

t.test('all else stays as it is', async (t) => {
  for (const text of [
    '{"level":30,"reqId":"a-1","method":"GET","path":"/api/v1/drones/sn/DRN-1","status":200,"msg":"request"}',
    '{"msg":"Server listening at http://127.0.0.1:3000","mail":"ops@example.com"}',
    '{"msg":"a bearer token is required, a password too: none was there"}',
    '    at open (file:///srv/node_modules/.pnpm/@fastify+cors@11.0.0/node_modules/@fastify/cors/index.js:1:2)\n',
  ]) {
    t.equal(maskSecrets(text), text);
  }
});

t.test('what Node prints of an error is masked as well', async (t) => {
  const error = Object.assign(new Error('away'), {
    password: 'sesame',
    url: 'rediss://ops:sesame@cache:6380',
  });
  t.notMatch(maskSecrets(inspect(error)), /sesame/);
});

t.test('masking takes time in proportion to the text', async (t) => {
  for (const text of [
    'a://'.repeat(50_000),
    '@'.repeat(200_000),
    'bearer '.repeat(30_000),
    'token='.repeat(30_000),
    `token=${'a;'.repeat(100_000)}`,
    '?a'.repeat(100_000),
    `password${'\\'.repeat(200_000)}`,
    `password:"${'\\"'.repeat(100_000)}`,
    `bearer.${'a.'.repeat(100_000)}`,
  ]) {
    t.ok(maskSecrets(text));
  }
});
