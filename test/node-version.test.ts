import { readFileSync } from 'node:fs';
import { minVersion, satisfies } from 'semver';
import t from 'tap';
import { parse } from 'yaml';

const read = (name: string): string => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8');
const { engines, devEngines } = JSON.parse(read('package.json'));
const lowest = minVersion(engines.node)?.version ?? '';

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
}

t.test('every package that is installed declares the Node versions that we name', async (t) => {
  const { packages }: LockFile = parse(read('pnpm-lock.yaml'));
  const ranges = Object.entries(packages).map(([name, { engines }]) => [name, engines?.node ?? '*'] as const);
  t.ok(ranges.length > 500, `${ranges.length} packages`);
  for (const version of [lowest, '20.20.2', '22.23.3', '24.21.0', '26.10.0']) {
    const refusing = ranges.filter(([, range]) => !satisfies(version, range));
    t.same(refusing, [], `Node ${version}`);
  }
});

t.test('pnpm refuses an older Node before it installs, and the README names the version', async (t) => {
  t.same(devEngines, { runtime: { name: 'node', version: engines.node, onFail: 'error' } });
  const [major, minor] = lowest.split('.');
  t.match(read('README.md'), `With Node ${major}.${minor} or newer and npm`);
});
