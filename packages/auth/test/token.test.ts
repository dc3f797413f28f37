import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { createAuthenticator } from '../src/index.js';
import { SECRET, silent } from './keys.js';

const MAIN = 'packages/auth/dist/token/main.js';

async function run(args: string[], env: NodeJS.ProcessEnv = { JWT_SECRET: SECRET }) {
  const done = promisify(execFile)(process.execPath, [MAIN, ...args], { env });
  return done.then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

t.test('prints a token that the settings of the same environment accept', async (t) => {
  const path = join(t.testdir(), 'secret');
  writeFileSync(path, `${SECRET}\n`);
  const env = { JWT_SECRET_FILE: path, JWT_ISSUER: 'https://us', JWT_AUDIENCE: 'fleet' };
  const args = ['--sub', 'ops', '--drones', 'A, B*', '--scope', 'drones:read events:read', '--expires', '2h'];
  const { stdout } = await run(args, env);
  const options = { mode: 'secret', secret: SECRET, issuer: 'https://us', audience: 'fleet' } as const;
  const access = await createAuthenticator(options, { log: silent }).authenticate(stdout.trim());
  t.same(
    [access.subject, ...access.drones, ...access.scopes],
    ['ops', 'A', 'B*', 'drones:read', 'events:read'],
  );
  const minutes = ((access.expiresAt ?? 0) - Date.now()) / 60_000;
  t.ok(minutes > 110 && minutes <= 120);
});

t.test('one line says what is wrong', async (t) => {
  const sub = ['--sub', 'ops'];
  const cases: [args: string[], line: RegExp, env?: NodeJS.ProcessEnv][] = [
    [[], /^token: --sub is required\n$/],
    [
      [...sub, '--drones', 'A,b**'],
      /^token: --drones names 'b\*\*', which is not a serial number, [^\n]+\n$/,
    ],
    [[...sub, '--scope', 'drones:fly'], /^token: --scope names 'drones:fly', which is none of [^\n]+\n$/],
    [[...sub, '--expires', 'soon'], /^token: --expires must be a time like [^\n]+, not 'soon'\n$/],
    [[...sub, '--expires', '0s'], /^token: --expires [^\n]+\n$/],
    [[...sub, '--colour', 'red'], /^token: [^\n]*--colour[^\n]*\n$/],
    [[...sub, '--secret', 'short'], /^token: JWT_SECRET must be a secret of 32 or more bytes\n$/],
    [sub, /^token: JWT_SECRET, JWT_SECRET_FILE or --secret is required\n$/, {}],
    [sub, /^token: JWT_SECRET_FILE: cannot read [^\n]+\n$/, { JWT_SECRET_FILE: '/no/such/file' }],
  ];
  await Promise.all(
    cases.map(async ([args, line, env]) => {
      const { code, stdout, stderr } = await run(args, env);
      t.equal(code, 1, args.join(' '));
      t.match(stderr, line, args.join(' '));
      t.equal(stdout, '');
    }),
  );
});
