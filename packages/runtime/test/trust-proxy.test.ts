import t from 'tap';
import { createFastify, toTrustProxy } from '../src/index.js';

t.test('addresses, ranges and their names are taken', async (t) => {
  t.equal(toTrustProxy(''), false);
  for (const text of ['10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', 'loopback', '10.0.0.1, uniquelocal']) {
    const trustProxy = toTrustProxy(text);
    t.same(trustProxy, text.split(', '));
    const app = createFastify({ logLevel: 'silent', trustProxy });
    app.get('/', async ({ ip }) => ip);
    t.type((await app.inject('/')).body, 'string', `${text}, which Fastify takes too`);
    await app.close();
  }
});

t.test('so many hops are believed, and none beyond', async (t) => {
  const app = createFastify({ logLevel: 'silent', trustProxy: toTrustProxy('1') });
  t.teardown(() => app.close());
  app.get('/', async ({ ip }) => ip);
  const headers = { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' };
  t.equal((await app.inject({ url: '/', headers, remoteAddress: '10.0.0.1' })).body, '2.2.2.2');
});

t.test('all else is refused', async (t) => {
  for (const text of [
    'true',
    '*',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/',
    'fd00::/129',
    '10.0.0',
    'a,b',
    ',',
  ]) {
    t.throws(() => toTrustProxy(text), { name: 'ConfigError', message: /^TRUST_PROXY must be / }, text);
  }
});
