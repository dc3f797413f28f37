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

t.test('all else is refused', async (t) => {
  for (const text of [
    'true',
    '*',
    '1',
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
