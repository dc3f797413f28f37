import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const PNPM = 'pnpm@12.21.0';

const CONSUMER = `
import { connect, createApi, isGap, type Drone } from '@dronecast/client';
const client = connect({ url: 'http://127.0.0.1:1', sn: ['A'], events: ['stream'] });
client.on('drone.stream.status', ({ data }) => { const isOn: boolean = data.streamIsOn; void isOn; });
// @ts-expect-error no such event
client.on('drone.exploded', () => {});
const watch = client.watch('A');
const drone: Drone | undefined = watch.value;
export async function read(): Promise<void> {
  for await (const item of client) if (isGap(item)) item.data.reason.trim();
  const { data } = await createApi({ url: '/' }).GET('/api/v1/drones/sn/{sn}', { params: { path: { sn: 'A' } } });
  void [data?.data.drone.deviceName.trim(), drone];
}
`;

t.test('what npm gets is what the documentation promises', async (t) => {
  // Outside of the repository, whose packages it must not find.
  const folder = await mkdtemp(join(tmpdir(), 'dronecast-client-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  await run('npx', ['--yes', PNPM, 'pack', '--pack-destination', folder], { cwd: PACKAGE });
  const [tarball = ''] = (await readdir(folder)).filter((name) => name.endsWith('.tgz'));
  await run('tar', ['-xzf', tarball], { cwd: folder });
  const packed = join(folder, 'package');
  const files = (await readdir(packed, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath.slice(packed.length), entry.name).replace(/^\//, ''));
  for (const name of files) {
    t.match(name, /^(?:package\.json|README\.md|LICENSE|bundle\/[\w.-]+\.(?:js|d\.ts))$/);
  }
  for (const name of [
    'README.md',
    'LICENSE',
    'bundle/index.js',
    'bundle/index.d.ts',
    'bundle/node.js',
    'bundle/node.d.ts',
  ]) {
    t.ok(files.includes(name), name);
  }

  const manifest = JSON.parse(await readFile(join(packed, 'package.json'), 'utf8'));
  t.equal(manifest.dependencies, undefined, 'it needs nothing');
  t.same(manifest.peerDependenciesMeta, { ws: { optional: true } });
  t.match(manifest.exports['.'], {
    node: { default: './bundle/node.js' },
    default: { default: './bundle/index.js' },
  });
  for (const name of files.filter((name) => name.startsWith('bundle/'))) {
    const text = await readFile(join(packed, name), 'utf8');
    t.notMatch(text, /typebox|fastify|@dronecast\/events/i, name);
    const imports = [...text.matchAll(/(?:from |import\()["']([^"']+)/g)].map(([, from]) => from ?? '');
    const allowed = name.startsWith('bundle/node') ? /^(?:\.\/|ws$|node:)/ : /^\.\//;
    for (const from of imports) t.match(from, allowed, `${name} imports ${from}`);
  }

  const consumer = join(folder, 'consumer');
  await mkdir(join(consumer, 'node_modules', '@dronecast'), { recursive: true });
  await symlink(packed, join(consumer, 'node_modules', '@dronecast', 'client'));
  await writeFile(join(consumer, 'package.json'), '{"type":"module"}');
  await writeFile(join(consumer, 'use.ts'), CONSUMER);
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript')), 'tsc.js');
  const strict = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2023,dom'];
  for (const resolution of [
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ] as const) {
    const [module, moduleResolution] = resolution;
    const args = [tsc, ...strict, '--module', module, '--moduleResolution', moduleResolution, 'use.ts'];
    const { stdout } = await run(process.execPath, args, { cwd: consumer }).catch((error) => error);
    t.equal(stdout, '', `types, ${moduleResolution}`);
  }
  const script = `const { connect, fileCursor } = await import('@dronecast/client');
    const client = connect({ url: 'http://127.0.0.1:1', transport: 'ws' });
    client.on('status', ({ state, error }) => state === 'offline' && (console.log(typeof fileCursor, error.message), client.close()));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: consumer });
  const isOld = Number(process.versions.node.split('.')[0]) < 22;
  t.match(stdout, isOld ? /^function before Node 22, WebSockets need the package ws/ : /^function no answer/);
});
