import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Commands, Reply } from './rpc.js';

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Node's own options. */
  readonly execArgv?: readonly string[];
  /** Runs Node by way of another program, such as `taskset`. */
  readonly launcher?: readonly [string, ...string[]] | undefined;
}

/** A process that answers {@link Commands}. */
export interface Child<C extends Commands> {
  call<N extends keyof C & string>(
    name: N,
    ...argument: Parameters<C[N]>
  ): Promise<Awaited<ReturnType<C[N]>>>;
  isRunning(): boolean;
  /** What it wrote last, at most 4 KiB. */
  output(): string;
  /** Ends it at once. */
  kill(): Promise<void>;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Starts a Node process that `serve`s. It gets PATH and `env`, nothing else. */
export function startChild<C extends Commands>(script: string, options: ChildOptions = {}): Child<C> {
  const { args = [], env = {}, execArgv = [], launcher } = options;
  const [command, ...launcherArgs] = launcher ?? [];
  const child: ChildProcess = fork(script, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    execArgv: command ? [...launcherArgs, process.execPath, ...execArgv] : [...execArgv],
    ...(command && { execPath: command }),
    // Long arrays of numbers pass as they are.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let output = '';
  const isRunning = () => child.exitCode === null && child.signalCode === null;

  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk).slice(-4096);
    });
  }
  child.on('message', (reply: Reply) => {
    const call = pending.get(reply.id);
    pending.delete(reply.id);
    if ('error' in reply) call?.reject(new Error(`${script}: ${reply.error}`));
    else call?.resolve(reply.result);
  });
  child.on('error', (error) => {
    output += error;
  });
  child.on('exit', () => {
    for (const { reject } of pending.values()) reject(new Error(`${script} ended\n${output}`));
    pending.clear();
  });

  return {
    call: (name, ...argument) =>
      new Promise((resolve, reject) => {
        if (!child.connected) return reject(new Error(`${script} has ended\n${output}`));
        lastId += 1;
        pending.set(lastId, { resolve: resolve as (result: unknown) => void, reject });
        child.send({ id: lastId, name, argument: argument[0] });
      }),
    isRunning,
    output: () => output,
    async kill() {
      if (!isRunning()) return;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}
