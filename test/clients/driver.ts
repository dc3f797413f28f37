import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { Queue } from '../support/queue.js';
import type { Frame } from '../support/socket-client.js';

/** A message as a client gave it to its driver. */
export interface Message {
  readonly frame: Frame;
  /** Of event streams alone: the id that the client has for this message. */
  readonly lastEventId?: string;
}

/** The last line: the process has ended, and this is what it wrote to standard error. */
interface End {
  readonly ended: string;
}

export interface Driver<Line> {
  /** One for each line of JSON, then the end. */
  readonly lines: Queue<Line | End>;
  say(line: string): void;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => running.forEach(end));

/** Ends a process and its children, if it has not ended by itself. */
function end(child: ChildProcess): void {
  try {
    if (child.pid && running.has(child)) process.kill(-child.pid, 'SIGTERM');
  } catch {
    // Only just.
  }
}

/** Runs a program that writes lines of JSON, until the test is over. */
export function startDriver<Line>(t: Test, [command, ...args]: readonly string[]): Driver<Line> {
  // Its own group, since a shell has children.
  const child: ChildProcess = spawn(command as string, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const lines = new Queue<Line | End>();
  const parse = (line: string): Line | End => {
    try {
      return JSON.parse(line);
    } catch {
      return { ended: `with a line that is not JSON: ${line}` };
    }
  };
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('no pipes');
  let errors = '';
  stderr.on('data', (chunk) => {
    errors += chunk;
  });
  // By hand, since newer versions of node:readline also split at U+2028.
  let rest = '';
  stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) lines.push(parse(line));
  });
  running.add(child);
  const closed = once(child, 'close').then(([code, signal]) => {
    running.delete(child);
    lines.push({ ended: `${code ?? signal} ${errors}` });
  });
  const stop = async () => {
    end(child);
    await closed;
  };
  t.teardown(stop);
  return { lines, say: (line) => void stdin.write(`${line}\n`), stop };
}
