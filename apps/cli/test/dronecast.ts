import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import { Queue } from '../../../test/support/queue.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface Run {
  /** Lines of the standard output and of the other one, as they come. */
  readonly lines: Queue<string>;
  readonly errors: Queue<string>;
  readonly code: Promise<number | null>;
  say(text: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Stops reading its output for good. */
  hangUp(): void;
}

/** Runs the built command. */
export function dronecast(t: Test, args: readonly string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const lines = new Queue<string>();
  const errors = new Queue<string>();
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  createInterface(child.stderr).on('line', (line) => errors.push(line));
  return {
    lines,
    errors,
    code: once(child, 'close').then(([code]) => code),
    say: (text) => child.stdin.end(text),
    kill: (signal) => child.kill(signal),
    hangUp: () => child.stdout.destroy(),
  };
}
