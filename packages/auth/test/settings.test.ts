import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '@dronecast/runtime';
import { Type } from '@sinclair/typebox';
import t from 'tap';
import { authSettings, toAuthOptions } from '../src/index.js';
import { SECRET } from './keys.js';

const read = (env: NodeJS.ProcessEnv) => toAuthOptions(readConfig(Type.Object(authSettings), env));
const JWKS_URL = 'https://issuer.example/jwks.json';
const none = { issuer: undefined, audience: undefined };

t.test('what the settings mean', async (t) => {
  t.same(read({}), { mode: 'none' });
  t.same(read({ AUTH_MODE: 'none', NODE_ENV: 'production', JWT_SECRET: SECRET }), { mode: 'none' });
  t.same(read({ AUTH_MODE: 'jwt', JWT_SECRET: SECRET }), { mode: 'secret', secret: SECRET, ...none });
  const PREVIOUS = SECRET.toUpperCase();
  t.same(read({ AUTH_MODE: 'jwt', JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS: PREVIOUS }), {
    mode: 'secret',
    secret: SECRET,
    previousSecret: PREVIOUS,
    ...none,
  });
  t.same(read({ AUTH_MODE: 'jwt', JWKS_URL, JWT_ISSUER: 'https://issuer.example', JWT_AUDIENCE: 'fleet' }), {
    mode: 'issuer',
    jwksUrl: new URL(JWKS_URL),
    issuer: 'https://issuer.example',
    audience: 'fleet',
  });
});

t.test('the secret may come from a file, and counts in bytes', async (t) => {
  const path = join(t.testdir(), 'secret');
  writeFileSync(path, `${'ü'.repeat(16)}\n`);
  t.match(read({ AUTH_MODE: 'jwt', JWT_SECRET_FILE: path }), { secret: 'ü'.repeat(16) });
  t.match(read({ AUTH_MODE: 'jwt', JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS_FILE: path }), {
    secret: SECRET,
    previousSecret: 'ü'.repeat(16),
  });
});

t.test('one line names what is wrong and shows no value', async (t) => {
  const short = 'x'.repeat(31);
  const cases: [env: NodeJS.ProcessEnv, message: RegExp][] = [
    [{ AUTH_MODE: 'token' }, /^AUTH_MODE must be jwt or none$/],
    [{ AUTH_MODE: 'jwt' }, /^JWT_SECRET or JWKS_URL is required with AUTH_MODE=jwt$/],
    [{ AUTH_MODE: 'jwt', JWT_SECRET: SECRET, JWKS_URL }, /^JWT_SECRET and JWKS_URL exclude each other$/],
    [{ AUTH_MODE: 'jwt', JWT_SECRET: short }, /^JWT_SECRET must be a secret of 32 or more bytes$/],
    [
      { AUTH_MODE: 'jwt', JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS: short },
      /^JWT_SECRET_PREVIOUS must be a secret of 32 or more bytes$/,
    ],
    [{ AUTH_MODE: 'jwt', JWT_SECRET_PREVIOUS: SECRET }, /^JWT_SECRET_PREVIOUS needs JWT_SECRET beside it$/],
    [
      { AUTH_MODE: 'jwt', JWKS_URL, JWT_SECRET_PREVIOUS: SECRET },
      /^JWT_SECRET_PREVIOUS needs JWT_SECRET beside it$/,
    ],
    [{ JWT_SECRET_PREVIOUS: SECRET }, /^AUTH_MODE must be jwt for JWT_SECRET_PREVIOUS to count, or none$/],
    [{ AUTH_MODE: 'jwt', JWKS_URL: 'issuer.example' }, /^JWKS_URL must be an http:\/\/ or https:\/\/ URL$/],
    [{ AUTH_MODE: 'jwt', JWKS_URL: 'http://[x' }, /^JWKS_URL must be an http:\/\/ or https:\/\/ URL$/],
    [{ AUTH_MODE: 'jwt', JWT_SECRET_FILE: '/no/such/file' }, /^JWT_SECRET_FILE: cannot read/],
    // Who gives a secret and forgets the mode must not end up with an open door.
    [{ JWT_SECRET: SECRET }, /^AUTH_MODE must be jwt for JWT_SECRET to count, or none$/],
    [{ JWKS_URL }, /^AUTH_MODE must be jwt for JWKS_URL to count, or none$/],
    [{ NODE_ENV: 'production' }, /^AUTH_MODE must be set in production: jwt, or none$/],
  ];
  for (const [env, message] of cases) t.throws(() => read(env), { name: 'ConfigError', message });
});
