import type { Test } from 'tap';
import t from 'tap';
import { createAuthenticator } from '../src/index.js';
import { createKey, type Key, startIssuer } from './keys.js';

const HOUR_MS = 3_600_000;
const UNAVAILABLE = { code: 'keys_unavailable', status: 503, challenge: undefined };
const INVALID = { code: 'invalid_token', status: 401 };

const far = () => ({ sub: 'ops', exp: Math.floor(Date.now() / 1000) + 100 * 3600 });

/** An authenticator on a real issuer, with a clock of its own. */
async function setUp(t: Test, keys: Key[]) {
  const issuer = await startIssuer(t, keys);
  const clock = { ms: Date.now() };
  const warnings: string[] = [];
  const options = { mode: 'issuer', jwksUrl: issuer.url, issuer: undefined, audience: undefined } as const;
  const log = { warn: (_details: object, message: string) => warnings.push(message) };
  const { authenticate } = createAuthenticator(options, { log, now: () => clock.ms });
  return { ...issuer, clock, warnings, check: async (key: Key) => authenticate(await key.sign(far())) };
}

t.test('every algorithm on the list', async (t) => {
  const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'];
  const keys = await Promise.all(algorithms.map((algorithm) => createKey(algorithm, algorithm)));
  const { check, state } = await setUp(t, keys);
  for (const key of keys) t.match(await check(key), { subject: 'ops' }, key.jwk.kid);
  t.equal(state.fetches, 1);
});

t.test('an algorithm that is not on the list', async (t) => {
  const key = await createKey('1', 'ES512');
  const { check } = await setUp(t, [key]);
  await t.rejects(check(key), INVALID);
});

t.test('keys rotate', async (t) => {
  const [first, second] = [await createKey('1'), await createKey('2', 'ES256')];
  const { check, state, clock } = await setUp(t, [first]);
  t.ok(await check(first));

  state.keys = [first, second];
  clock.ms += 6500;
  const unknown = { ...UNAVAILABLE, retryAfterSeconds: 4 };
  await t.rejects(
    check(second),
    unknown,
    'within the cool-down the issuer is not asked: the key may be a new one',
  );
  t.equal(state.fetches, 1);
  clock.ms += 3500;
  t.ok(await check(second), 'after the cool-down');
  t.equal(state.fetches, 2);

  state.keys = [second];
  clock.ms += HOUR_MS;
  t.ok(await check(first), 'old keys serve while they are fetched anew');
  await t.test('until the new ones are there', async (t) => {
    // Joins the fetch under way, or comes after it.
    await t.rejects(check(await createKey('3')), { code: /^invalid_token|keys_unavailable$/ });
    await t.rejects(check(first), UNAVAILABLE);
  });
  t.equal(state.fetches, 3);
});

t.test('made-up key ids do not burden the issuer', async (t) => {
  const [real, madeUp] = [await createKey('1'), await createKey('2')];
  const { check, state, clock } = await setUp(t, [real]);
  await t.rejects(check(madeUp), INVALID, 'the issuer was asked, and does not know it');
  await Promise.all(Array.from({ length: 20 }, () => t.rejects(check(madeUp), UNAVAILABLE)));
  t.equal(state.fetches, 1);
  t.ok(await check(real), 'who has a known key does not notice');
  clock.ms += 10_000;
  await t.rejects(check(madeUp), INVALID);
  await Promise.all(Array.from({ length: 20 }, () => t.rejects(check(madeUp), UNAVAILABLE)));
  t.equal(state.fetches, 2);
});

t.test('the right id on a wrong key', async (t) => {
  const [real, forged] = [await createKey('1'), await createKey('1')];
  const { check } = await setUp(t, [real]);
  await t.rejects(check(forged), INVALID);
});

t.test('known keys outlive an issuer that is down', async (t) => {
  const [first, second] = [await createKey('1'), await createKey('2')];
  const { check, state, clock, stop, restart, warnings } = await setUp(t, [first]);
  t.ok(await check(first));
  await stop();

  clock.ms += 72 * HOUR_MS;
  t.ok(await check(first));
  await t.rejects(check(second), UNAVAILABLE, 'an unknown key may be a new one: nobody can tell');
  t.same(warnings, ["the issuer's keys cannot be fetched"]);
  t.ok(await check(first));

  state.keys = [second];
  await restart();
  await t.rejects(check(second), UNAVAILABLE, 'not tried again at once');
  clock.ms += 5000;
  t.ok(await check(second));
  clock.ms += 10_000;
  await t.rejects(check(first), INVALID, 'the issuer has dropped it');
});

t.test('no keys at all', async (t) => {
  const key = await createKey('1');
  const { check, state, clock, warnings } = await setUp(t, [key]);
  state.answer = 500;
  await t.rejects(check(key), UNAVAILABLE);
  await t.rejects(check(key), UNAVAILABLE);
  t.equal(state.fetches, 1, 'not tried again at once');
  t.equal(warnings.length, 1);
  state.answer = 200;
  clock.ms += 5000;
  t.ok(await check(key));
});
