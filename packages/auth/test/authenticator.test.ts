import fc from 'fast-check';
import { exportSPKI, type JWTPayload, UnsecuredJWT } from 'jose';
import t from 'tap';
import { AuthError, createAuthenticator, SCOPES, signToken } from '../src/index.js';
import { createKey, inAnHour, nowSeconds, SECRET, signWith, silent, startIssuer } from './keys.js';

const rules = { mode: 'secret', secret: SECRET, issuer: undefined, audience: undefined } as const;
const { authenticate } = createAuthenticator(rules, { log: silent });
const claims = (more: JWTPayload = {}): JWTPayload => ({ sub: 'ops', exp: inAnHour(), ...more });

/** RFC 9110 section 11.6.1, with what RFC 6750 section 3 allows in a description. */
const CHALLENGE =
  /^Bearer [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*"(?:, [a-z_]+="[\x20\x21\x23-\x5b\x5d-\x7e]*")*$/;
const INVALID = { name: 'AuthError', code: 'invalid_token', status: 401, challenge: CHALLENGE };

t.test('a good token says what its bearer may do', async (t) => {
  const exp = inAnHour();
  const token = await signWith(SECRET, {
    sub: 'ops',
    exp,
    scope: 'openid drones:read  events:read',
    drones: ['A', 'B*'],
  });
  const access = await authenticate(token);
  t.equal(access.subject, 'ops');
  t.same([...access.scopes], ['drones:read', 'events:read'], "others' scopes are none of ours");
  t.same([...access.drones], ['A', 'B*']);
  t.equal(access.expiresAt, exp * 1000);
});

t.test('drones come as *, as a comma list or as an array, and nothing is nothing', async (t) => {
  const cases: [drones: unknown, expected: string[]][] = [
    ['*', ['*']],
    ['A', ['A']],
    ['A, B*,', ['A', 'B*']],
    ['AC:CC:*, A B,user@host/ch1, A *', ['AC:CC:*', 'A B', 'user@host/ch1', 'A *']],
    [
      ['cam#1', 'A+B'],
      ['cam#1', 'A+B'],
    ],
    ['', []],
    [
      ['A', '*'],
      ['A', '*'],
    ],
    [[], []],
    [undefined, []],
  ];
  for (const [drones, expected] of cases) {
    const { drones: owned, scopes } = await authenticate(await signWith(SECRET, claims({ drones })));
    t.same([...owned], expected, JSON.stringify(drones));
    t.same([...scopes], []);
  }
});

t.test('a genuine token with bad claims is invalid, and told which one', async (t) => {
  const cases: [claims: JWTPayload, name: string][] = [
    [{ exp: inAnHour() }, 'sub'],
    [claims({ sub: '' }), 'sub'],
    [claims({ sub: 7 as never }), 'sub'],
    [{ sub: 'ops' }, 'exp'],
    [claims({ exp: 'soon' as never }), 'exp'],
    [claims({ exp: 1e300 }), 'exp'],
    [claims({ nbf: 'soon' as never }), 'nbf'],
    [claims({ scope: ['drones:read'] }), 'scope'],
    [claims({ drones: 7 }), 'drones'],
    [claims({ drones: null }), 'drones'],
    [claims({ drones: 'A,all' }), 'drones/1'],
    [claims({ drones: ['A:'] }), 'drones/0'],
    [claims({ drones: ['A  B'] }), 'drones/0'],
    [claims({ drones: ['x'.repeat(65)] }), 'drones/0'],
    [claims({ drones: ['A', 'b**'] }), 'drones/1'],
    [claims({ drones: ['*b'] }), 'drones/0'],
    [claims({ drones: ['A,B'] }), 'drones/0'],
    [claims({ drones: [['A']] }), 'drones/0'],
  ];
  for (const [bad, name] of cases) {
    const message = new RegExp(`^The claim ${name} (?:must be|is) `);
    await t.rejects(authenticate(await signWith(SECRET, bad)), { ...INVALID, message }, JSON.stringify(bad));
  }
});

t.test('no token', async (t) => {
  await t.rejects(authenticate(undefined), {
    code: 'missing_token',
    status: 401,
    challenge: /^Bearer realm="dronecast"$/,
  });
});

t.test('tokens of others are refused', async (t) => {
  const { sign } = await createKey('1');
  const good = await signWith(SECRET, claims());
  const [head, , signature] = good.split('.');
  const otherBody = Buffer.from(JSON.stringify(claims({ sub: 'root' }))).toString('base64url');
  const unsigned = new UnsecuredJWT(claims()).encode();
  const cases: [name: string, token: string][] = [
    ['alg none', unsigned],
    ['alg none with a signature', `${unsigned}${signature}`],
    ['another secret', await signWith(`${SECRET}!`, claims())],
    ['the same secret by another algorithm', await signWith(SECRET, claims(), 'HS384')],
    ["an issuer's key", await sign()],
    ['another body', `${head}.${otherBody}.${signature}`],
    ['no signature', `${head}.${otherBody}.`],
    ['empty', ''],
    ['five parts', `${good}.a.b`],
  ];
  for (const [name, token] of cases) await t.rejects(authenticate(token), INVALID, name);
});

t.test('the previous secret verifies beside the new one', async (t) => {
  const previousSecret = `${SECRET}-of-last-year`;
  const rotated = createAuthenticator({ ...rules, previousSecret }, { log: silent });
  for (const secret of [SECRET, previousSecret]) {
    t.match(await rotated.authenticate(await signWith(secret, claims())), { subject: 'ops' });
    const expired = claims({ exp: nowSeconds() - 60 });
    await t.rejects(rotated.authenticate(await signWith(secret, expired)), { code: 'expired_token' });
    await t.rejects(rotated.authenticate(await signWith(secret, claims(), 'HS384')), INVALID);
  }
  await t.rejects(rotated.authenticate(await signWith(`${SECRET}!`, claims())), INVALID);
  await t.rejects(authenticate(await signWith(previousSecret, claims())), INVALID, 'dropped');
});

t.test('an RSA public key is no secret (algorithm confusion)', async (t) => {
  const key = await createKey('1');
  const { url } = await startIssuer(t, [key]);
  const options = { ...rules, mode: 'issuer', jwksUrl: url } as const;
  const issued = createAuthenticator(options, { log: silent });
  t.match(await issued.authenticate(await key.sign()), { subject: 'ops' });
  for (const secret of [await exportSPKI(key.publicKey), JSON.stringify(key.jwk), key.jwk.n ?? '']) {
    await t.rejects(issued.authenticate(await signWith(secret, claims())), INVALID);
  }
  await t.rejects(issued.authenticate(new UnsecuredJWT(claims()).encode()), INVALID);
});

t.test('time, with five seconds for clocks that differ', async (t) => {
  const at = nowSeconds();
  const clocked = createAuthenticator(rules, { log: silent, now: () => at * 1000 });
  const check = async (more: JWTPayload) => clocked.authenticate(await signWith(SECRET, claims(more)));
  t.match(await check({ exp: at - 4 }), { expiresAt: (at - 4) * 1000 });
  await t.rejects(check({ exp: at - 5 }), {
    code: 'expired_token',
    status: 401,
    challenge: 'Bearer realm="dronecast", error="invalid_token", error_description="The token has expired"',
  });
  t.ok(await check({ nbf: at + 5 }));
  await t.rejects(check({ nbf: at + 6 }), { ...INVALID, message: 'The token is not valid yet' });
});

t.test('issuer and audience count when they are set', async (t) => {
  const strict = createAuthenticator({ ...rules, issuer: 'https://us', audience: 'fleet' }, { log: silent });
  const check = async (more: JWTPayload) => strict.authenticate(await signWith(SECRET, claims(more)));
  const iss = 'https://us';
  t.ok(await check({ iss, aud: 'fleet' }));
  t.ok(await check({ iss, aud: ['other', 'fleet'] }));
  for (const more of [{ iss, aud: 'other' }, { iss }, { iss, aud: [] }, { iss, aud: 'fleet2' }]) {
    await t.rejects(check(more), { ...INVALID, message: 'The claim aud is not accepted' });
  }
  for (const more of [{ aud: 'fleet' }, { iss: 'https://us/', aud: 'fleet' }]) {
    await t.rejects(check(more), { ...INVALID, message: 'The claim iss is not accepted' });
  }
});

t.test('property: garbage is an invalid token, never a failure of ours', async () => {
  const header = fc.constantFrom('none', 'HS256', 'RS256', 'x').map((alg) => JSON.stringify({ alg }));
  const part = fc
    .oneof(header, fc.json(), fc.string({ unit: 'binary' }))
    .map((text) => Buffer.from(text).toString('base64url'));
  const garbage = fc.oneof(
    fc.string(),
    fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('.')),
  );
  await fc.assert(
    fc.asyncProperty(garbage, async (token) => {
      const error = await authenticate(token).catch((reason: unknown) => reason);
      return error instanceof AuthError && error.code === 'invalid_token';
    }),
    { numRuns: 1000 },
  );
});

t.test('with no authentication everybody may do everything', async (t) => {
  const open = createAuthenticator({ mode: 'none' }, { log: silent });
  for (const token of [undefined, 'garbage']) {
    const access = await open.authenticate(token);
    t.same([...access.scopes], [...SCOPES]);
    t.same([...access.drones], ['*']);
    t.match(access, { subject: undefined, expiresAt: undefined });
  }
});

t.test('our own tokens are good ones', async (t) => {
  const content = { sub: 'dev', scope: 'events:read', drones: 'A,B*' };
  const access = await authenticate(await signToken({ ...content, expiresInSeconds: 60 }, SECRET));
  t.same([access.subject, ...access.scopes, ...access.drones], ['dev', 'events:read', 'A', 'B*']);
});
