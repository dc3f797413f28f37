import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { explainListenError } from '../../../packages/runtime/src/listen-error.js';
import { call } from '../../../test/support/api.js';
import { startProcess } from '../../../test/support/process.js';
import { until } from '../../../test/support/queue.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const SERVER = 'apps/standalone/dist/server.js';

/** A folder that other users reach, which those below the test's own may not be. */
async function createFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dronecast-refused-'));
  t.teardown(async () => {
    await chmod(folder, 0o755);
    await rm(folder, { recursive: true, force: true });
  });
  await chmod(folder, 0o755);
  return folder;
}

/** Root may do everything, so what the system refuses is tested as nobody; other users stay who they are. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

/** Runs the server as another user; without `NODE_OPTIONS`, by which tap would write into the working directory. */
async function runAsOther(settings: Record<string, string>): Promise<{ code: unknown; stderr: string }> {
  const env = Object.entries({ PATH: process.env.PATH, PORT: '0', ...settings }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const child = spawn('env', ['-i', ...env, process.execPath, SERVER], { ...NOBODY, cwd: ROOT });
  const [stderr, [code]] = await Promise.all([
    readAll(child.stderr),
    once(child, 'close'),
    readAll(child.stdout),
  ]);
  return { code, stderr };
}

t.test('a port that this user may not use', async (t) => {
  // Ports below this are for root alone.
  const first = Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  const message =
    'cannot listen on 127.0.0.1:80 (EACCES): this user may not use the port. Set PORT to 1024 or more';
  const error = Object.assign(new Error('listen EACCES: permission denied 127.0.0.1:80'), {
    ...{ code: 'EACCES', errno: -13, syscall: 'listen', address: '127.0.0.1', port: 80 },
  });
  t.equal(explainListenError(error), message);
  if (first <= 80) return;
  const folder = await createFolder(t);
  await chmod(folder, 0o777);
  const { code, stderr } = await runAsOther({ PORT: '80', DATA_DIR: folder });
  t.equal(code, 1);
  t.equal(stderr, `dronecast: ${message}\n`);
});

t.test('a DATA_DIR that cannot be used', async (t) => {
  const readOnly = await createFolder(t);
  await chmod(readOnly, 0o555);
  for (const path of [readOnly, join(readOnly, 'below'), join(readOnly, 'further', 'below')]) {
    const { code, stderr } = await runAsOther({ DATA_DIR: path });
    t.equal(code, 1);
    t.equal(stderr, `dronecast: DATA_DIR ${path} cannot be written (EACCES)\n`);
  }

  const used = await createFolder(t);
  const before = await startProcess(t, SERVER, { DATA_DIR: used });
  await before.stop();
  await chmod(used, 0o777);
  await chmod(join(used, 'dronecast.lock'), 0o666);
  for (const file of ['lock.mdb', 'data.mdb']) {
    await chmod(join(used, file), 0o444);
    const { code, stderr } = await runAsOther({ DATA_DIR: used });
    t.equal(code, 1);
    t.match(
      stderr,
      new RegExp(`^dronecast: DATA_DIR ${used} cannot be opened \\([^\\n]*ermission denied[^\\n]*\\)\\n$`),
    );
    await chmod(join(used, file), 0o666);
  }
});

t.test('probes are logged at debug alone', async (t) => {
  for (const [LOG_LEVEL, isLogged] of [
    ['info', false],
    ['debug', true],
  ] as const) {
    const server = await startProcess(t, SERVER, { DATA_DIR: t.testdir({}), LOG_LEVEL });
    for (const path of ['/health/live', '/health/ready?verbose=1', '/metrics', '/api/v1/drones'])
      t.equal((await fetch(`${server.url}${path}`)).status, 200, path);
    t.equal((await call(server.url, 'GET', '/health/none')).status, 404);
    await until(() => server.output().includes('"path":"/health/none"') || !isLogged);
    await until(() => server.output().includes('"path":"/api/v1/drones"'));
    for (const path of ['/health/live', '/health/ready', '/metrics'])
      t.equal(server.output().includes(`"path":"${path}"`), isLogged, `${path} at ${LOG_LEVEL}`);
    await server.stop();
  }
});
