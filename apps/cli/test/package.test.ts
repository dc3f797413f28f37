import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const PNPM = 'pnpm@12.21.0';

t.test('the packed command runs with its published dependencies alone', async (t) => {
  // Outside of the repository, whose packages it must not find.
  const folder = await mkdtemp(join(tmpdir(), 'dronecast-cli-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await run('npx', ['--yes', PNPM, 'pack', '--pack-destination', folder], { cwd: PACKAGE });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await run('tar', ['-xzf', tarball], { cwd: folder });
  const packed = join(folder, 'package');
  const { bin, dependencies } = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8'));
  t.same(Object.keys(dependencies), ['@dronecast/client', 'commander', 'ws']);
  t.same(bin, { dronecast: './bundle/main.js' });

  const { resolve } = createRequire(join(PACKAGE, 'package.json'));
  await mkdir(join(packed, 'node_modules', '@dronecast'), { recursive: true });
  await symlink(dirname(resolve('commander')), join(packed, 'node_modules', 'commander'));
  await symlink(dirname(resolve('ws')), join(packed, 'node_modules', 'ws'));
  await symlink(
    join(PACKAGE, '..', '..', 'packages', 'client'),
    join(packed, 'node_modules', '@dronecast', 'client'),
  );
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"data":{"drone":{"streamUrl":"rtsp://cam/live?token=hush"}}}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const command = join(packed, bin.dronecast);
  const { stdout } = await run(process.execPath, [command, 'drones', 'get', 'A', '--url', url]);
  t.equal(stdout, 'streamUrl: rtsp://cam/live?token=***\n');
});
