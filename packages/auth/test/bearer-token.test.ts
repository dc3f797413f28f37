import t from 'tap';
import { readToken, selectSubprotocol } from '../src/index.js';

const read = (headers: Record<string, string>, query: object = {}) => readToken({ headers, query });
const MORE_THAN_ONE = {
  code: 'invalid_request',
  status: 400,
  challenge: /^Bearer realm="dronecast", error="invalid_request", /,
};

t.test('three places', async (t) => {
  t.equal(read({ authorization: 'Bearer a.b.c' }), 'a.b.c');
  t.equal(read({ authorization: 'bearer   a.b.c' }), 'a.b.c');
  t.equal(read({}, { access_token: 'a.b.c' }), 'a.b.c');
  t.equal(read({ 'sec-websocket-protocol': 'dronecast, bearer.a.b.c' }), 'a.b.c');
  t.equal(read({ 'sec-websocket-protocol': 'bearer.a.b.c,dronecast' }), 'a.b.c');
});

t.test('none', async (t) => {
  t.equal(read({}), undefined);
  t.equal(read({ authorization: 'Basic b3BzOng=' }), undefined);
  t.equal(read({ authorization: 'Bearers a.b.c' }), undefined);
  t.equal(read({ 'sec-websocket-protocol': 'dronecast' }), undefined);
});

t.test('an empty one is one, and not valid', async (t) => {
  t.equal(read({ authorization: 'Bearer' }), '');
  t.equal(read({}, { access_token: '' }), '');
  t.equal(read({ 'sec-websocket-protocol': 'bearer.' }), '');
});

t.test('more than one is no valid request, the same twice neither', async (t) => {
  const authorization = 'Bearer a';
  const cases: [headers: Record<string, string>, query: object][] = [
    [{ authorization }, { access_token: 'a' }],
    [{ authorization, 'sec-websocket-protocol': 'bearer.a' }, {}],
    [{ 'sec-websocket-protocol': 'bearer.a, bearer.b' }, {}],
    [{ 'sec-websocket-protocol': 'bearer.a' }, { access_token: '' }],
    [{}, { access_token: ['a', 'b'] }],
  ];
  for (const [headers, query] of cases) t.throws(() => read(headers, query), MORE_THAN_ONE);
});

t.test('a token is never selected as subprotocol', async (t) => {
  t.equal(selectSubprotocol(new Set(['bearer.a', 'dronecast'])), 'dronecast');
  t.equal(selectSubprotocol(new Set(['bearer.a'])), false);
});
