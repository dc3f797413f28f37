import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_TIMEOUT_MS = 30_000;
/** What every process of ours logs when it is up. */
const LISTENING = /Server listening at (http:\/\/[^\s"]+)/;

export interface AppProcess {
  /** Where it listens. */
  readonly url: string;
  readonly port: number;
  readonly child: ChildProcess;
  /** All that it wrote so far. */
  output(): string;
  /** Ends it, by default with SIGTERM; resolves with its exit code, null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/**
 * Runs a built process of ours, such as `apps/api/dist/server.js`, until the test is over. It gets `env`, PATH and
 * nothing else; PORT is any free one unless it is given.
 */
export async function startProcess(
  t: Test,
  script: string,
  env: Record<string, string> = {},
): Promise<AppProcess> {
  const child = spawn(process.execPath, [script], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const killNow = () => child.kill('SIGKILL');
  process.once('exit', killNow);
  t.teardown(async () => {
    killNow();
    await exited;
    process.off('exit', killNow);
  });

  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${script} ${why}\n${output}`));
    const timer = setTimeout(() => fail('did not start'), START_TIMEOUT_MS);
    exited.then(() => fail('ended'));
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        const match = LISTENING.exec(output);
        if (match?.[1]) {
          clearTimeout(timer);
          resolve(match[1]);
        }
      });
    }
  });

  return {
    url,
    port: Number(new URL(url).port),
    child,
    output: () => output,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return exited;
    },
  };
}

/** Runs a process that is expected to end by itself. */
export async function runProcess(
  t: Test,
  script: string,
  env: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const written = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    written.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    written.stderr += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, ...written };
}
