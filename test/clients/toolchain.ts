import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { requires } from '../support/requirement.js';

export const DRIVERS = fileURLToPath(new URL('drivers', import.meta.url));
const CACHE = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const PYTHON = process.env.CLIENTS_PYTHON ?? join(CACHE, 'dronecast-ci/venv-clients/bin/python');
const JAVA_CLIENTS = ['JavaEventStream', 'JavaRest', 'JavaWebSocket'];

/** Exits with 1 and says so where a package is not installed at the version that the file pins. */
const CHECK_PACKAGES = `
import sys
from importlib.metadata import version
for line in open(sys.argv[1]):
    name, wanted = line.strip().split("==")
    if version(name) != wanted:
        sys.exit(f"{name} {version(name)} is installed, not {wanted}")
`;

const run = promisify(execFile);

/** The command that runs a driver, without its arguments; undefined where what it needs is not installed. */
export type CommandOf = (driver: string) => readonly string[] | undefined;

async function hasPackages(t: Test): Promise<boolean> {
  if (!requires(t, PYTHON)) return false;
  await run(PYTHON, ['-c', CHECK_PACKAGES, join(DRIVERS, 'requirements.txt')]);
  return true;
}

/** Looks for what runs the drivers, and builds those that must be built. What is missing counts as {@link requires} says. */
export async function findToolchain(t: Test): Promise<CommandOf> {
  const folder = t.testdir({ go: {}, java: {} });
  const [hasPython, hasGo, hasJava] = await Promise.all([
    hasPackages(t),
    requires(t, 'go') &&
      run('go', ['build', '-mod=readonly', '-buildvcs=false', '-o', join(folder, 'go'), './...'], {
        cwd: join(DRIVERS, 'go'),
      }),
    requires(t, 'java') &&
      requires(t, 'javac') &&
      run('javac', [
        '-d',
        join(folder, 'java'),
        ...JAVA_CLIENTS.map((name) => join(DRIVERS, `${name}.java`)),
      ]),
  ]);
  const hasCurl = requires(t, 'curl');

  return (driver) => {
    const path = join(DRIVERS, driver);
    switch (extname(driver)) {
      case '.mjs':
        return [process.execPath, path];
      case '.py':
        return hasPython ? [PYTHON, path] : undefined;
      case '.java':
        return hasJava ? ['java', '-cp', join(folder, 'java'), driver.slice(0, -'.java'.length)] : undefined;
      case '.sh':
        return hasCurl ? ['bash', path] : undefined;
      default:
        return hasGo ? [join(folder, driver)] : undefined;
    }
  };
}

/** `name version` of each client that a file pins. */
export async function pinnedClients(): Promise<string[]> {
  const read = (file: string) => readFile(join(DRIVERS, file), 'utf8');
  const linesOf = (text: string) => text.split('\n').map((line) => line.trim());
  const python = linesOf(await read('requirements.txt')).filter(Boolean);
  const go = linesOf(await read('go/go.mod')).filter((line) => line.startsWith('github.com/'));
  return [
    ...python.map((line) => line.replace('==', ' ')),
    ...go.map((line) => line.slice('github.com/'.length).replace(' v', ' ')),
  ];
}
