import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Test } from 'tap';
import { freePort } from './free-port.js';

/** How long a server may take to accept connections. */
const START_TIMEOUT_MS = 30_000;

export interface ServerProcess {
  readonly port: number;
  readonly dir: string;
  /** Ends the process, default by SIGTERM, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Sends a signal and returns at once. */
  kill(signal: NodeJS.Signals): void;
  /** Stops the process if it runs, and starts it again on the same port and folder. */
  restart(): Promise<void>;
}

export interface ServerOptions {
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** Default: a temporary folder, removed after the test. */
  readonly dir?: string | undefined;
}

/** Runs a real server until the test is over, however that ends. */
export async function startServer(
  t: Test,
  command: string,
  args: (place: { port: number; dir: string }) => string[],
  options: ServerOptions = {},
): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'dronecast-test-')));
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    let output = '';
    const started = spawn(command, args({ port, dir }), { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk).slice(-4096);
      });
    }
    started.once('error', (error) => {
      output += error;
    });
    endWithUs(started);
    child = started;
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await accepts(port))) {
      if (!isRunning(started) || Date.now() > deadline)
        throw new Error(`${command} did not start\n${output}`);
      await pause(20);
    }
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!child || !isRunning(child)) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  t.teardown(async () => {
    await stop('SIGKILL');
    if (!options.dir) await rm(dir, { recursive: true, force: true });
  });
  await start();

  return {
    port,
    dir,
    stop,
    kill: (signal) => void child?.kill(signal),
    async restart() {
      await stop();
      await start();
    },
  };
}

/** However this process ends, the pipe to the guard closes, and the guard ends the server. */
function endWithUs(server: ChildProcess): void {
  const script = 'trap "" INT TERM HUP; read -r _; kill -KILL "$0"';
  const guard = spawn('sh', ['-c', script, `${server.pid}`], { stdio: ['pipe', 'ignore', 'ignore'] });
  server.once('exit', () => guard.kill('SIGKILL'));
}

const isRunning = ({ pid, exitCode, signalCode }: ChildProcess): boolean =>
  pid !== undefined && exitCode === null && signalCode === null;

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
