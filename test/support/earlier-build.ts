import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Test } from 'tap';

/** The last version whose API publishes whole outboxes, and knows no bytes of history. */
export const EARLIER_COMMIT = '8308c8c';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dronecast-ci');
const PNPM = ['npx', '--yes', 'pnpm@12.21.0'] as const;

const run = async (cwd: string, ...[command, ...args]: readonly [string, ...string[]]): Promise<string> =>
  (await promisify(execFile)(command, args, { cwd, maxBuffer: 2 ** 28 })).stdout;

/** Builds what {@link earlierBuild} leaves out, such as `packages/client`. Costs little when it is built already. */
export const buildAlso = (folder: string, project: string): Promise<string> =>
  run(folder, ...PNPM, 'exec', 'tsc', '-b', project);

/** Checks a commit out of this repository into a new folder, and builds its apps there. */
async function build(commit: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run(ROOT, 'sh', '-c', `git archive ${commit} | tar --extract --directory '${folder}'`);
  await run(folder, ...PNPM, 'install', '--frozen-lockfile');
  await run(folder, ...PNPM, 'exec', 'tsc', '-b', 'apps/api', 'apps/relay');
}

/** The file to import as an earlier version's `@dronecast/client`. Undefined as {@link earlierBuild}. */
export async function earlierClient(t: Test, commit: string): Promise<string | undefined> {
  const folder = await earlierBuild(t, commit);
  if (folder === undefined) return undefined;
  await buildAlso(folder, 'packages/client');
  return join(folder, 'packages/client/dist/node.js');
}

/**
 * The folder of an earlier version's build, kept for the next run. Undefined where the repository has no such commit, as
 * in a shallow clone: then the test counts as skipped, and with `CI=true` as failed.
 */
export async function earlierBuild(t: Test, commit: string): Promise<string | undefined> {
  const hasCommit = await run(ROOT, 'git', 'cat-file', '-e', `${commit}^{commit}`).then(
    () => true,
    () => false,
  );
  if (!hasCommit) {
    if (process.env.CI === 'true') t.fail(`commit ${commit} is required: clone the whole history`);
    else t.pass(`commit ${commit} is not in this clone`, { skip: true });
    return undefined;
  }
  const folder = join(CACHE, `build-${commit}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  try {
    await build(commit, unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
  return folder;
}
