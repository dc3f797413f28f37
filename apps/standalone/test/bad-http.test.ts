import t from 'tap';
import { testFolder } from '../../../test/support/folder.js';
import { type RawRequest, rawRequest, UPGRADE } from '../../../test/support/raw-request.js';
import { startStandalone } from './start-standalone.js';

type Fields = NonNullable<RawRequest['headers']>;

const withField = (name: string, value: string): Fields => [
  ...UPGRADE.filter(([other]) => other !== name),
  [name, value],
];
const socket = { path: '/ws/events' };

t.test('whatever is wrong with HTTP, the answer is problem details', async (t) => {
  const { port } = await startStandalone(t, { DATA_DIR: testFolder(t) });
  const cases: [name: string, request: RawRequest, status: number, code: string][] = [
    ['a path', { path: '/api/v1/drones/sn/%' }, 400, 'malformed_url'],
    ['a path of the relay', { path: '/ws/events/%E0%A4%A', headers: UPGRADE }, 400, 'malformed_url'],
    ['a long path', { path: `/api/v1/drones/sn/${'a'.repeat(4097)}` }, 414, 'uri_too_long'],
    ['a longer path', { path: `/api/v1/drones/sn/${'a'.repeat(20_000)}` }, 414, 'uri_too_long'],
    ['a long query of the relay', { path: `/poll/events?sn=${'a'.repeat(20_000)}` }, 414, 'uri_too_long'],
    ['a long header', { headers: [['X', 'a'.repeat(20_000)]] }, 431, 'headers_too_large'],
    ['a version', { version: '9.9' }, 400, 'malformed_request'],
    [
      'a key that is none',
      { ...socket, headers: withField('Sec-WebSocket-Key', 'x') },
      400,
      'invalid_handshake',
    ],
    [
      'a version that is none',
      { ...socket, headers: withField('Sec-WebSocket-Version', '7') },
      400,
      'invalid_handshake',
    ],
    [
      'subprotocols',
      { ...socket, headers: withField('Sec-WebSocket-Protocol', 'a,,b') },
      400,
      'invalid_handshake',
    ],
    ['a method', { ...socket, method: 'POST', headers: UPGRADE }, 405, 'method_not_allowed'],
  ];
  for (const [name, request, status, code] of cases) {
    const answer = await rawRequest(port, {
      ...request,
      headers: [['Host', 'localhost'], ...(request.headers ?? [])],
    });
    t.equal(answer.status, status, name);
    t.match(answer.headers['content-type'], 'application/problem+json', name);
    t.match(answer.json(), { status, code, requestId: answer.headers['x-request-id'] }, name);
  }
  const options = await rawRequest(port, { method: 'OPTIONS', path: '*', headers: [['Host', 'localhost']] });
  t.same([options.status, options.text], [204, ''], 'OPTIONS that is no preflight');
  const { headers } = await rawRequest(port, {
    ...socket,
    headers: [['Host', 'localhost'], ...withField('Sec-WebSocket-Version', '7')],
  });
  t.equal(headers['sec-websocket-version'], '13', 'RFC 6455 section 4.4');
});
