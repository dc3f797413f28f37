import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.js';

/** How long a server may take to accept connections. */
const START_TIMEOUT_MS = 30_000;

/** A real server of one's own: a process, the port on which it listens, and its folder. */
export interface Server {
  readonly port: number;
  readonly dir: string;
  isRunning(): boolean;
  /** What it wrote last, at most 4 KiB. */
  output(): string;
  /** Starts the process again, on the same port and folder. Rejects when it does not accept connections in time. */
  start(): Promise<void>;
  /** Sends a signal and returns at once. */
  kill(signal: NodeJS.Signals): void;
  /** Ends the process, default by SIGTERM, and waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** Resolves when the process is gone. */
  exited(): Promise<void>;
  /** Stops the process if it runs, and starts it again. */
  restart(): Promise<void>;
  /** Ends the process at once, and removes the folder unless it was given. */
  remove(): Promise<void>;
}

export interface ServerOptions {
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** Default: a temporary folder. */
  readonly dir?: string | undefined;
  /** Default: as this process has it. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts a server and waits until it accepts connections. It ends with this process at the latest, however that ends. */
export async function startServer(
  command: string,
  args: (place: { port: number; dir: string }) => readonly string[],
  options: ServerOptions = {},
): Promise<Server> {
  const port = options.port ?? (await freePort());
  const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'dronecast-')));
  let child: ChildProcess | undefined;
  let output = '';

  const isRunning = (): boolean =>
    child?.pid !== undefined && child.exitCode === null && child.signalCode === null;

  async function start(): Promise<void> {
    output = '';
    const started = spawn(command, args({ port, dir }), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...(options.env ?? process.env), PORT: `${port}` },
    });
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
      if (!isRunning() || Date.now() > deadline) throw new Error(`${command} did not start\n${output}`);
      await pause(20);
    }
  }

  async function exited(): Promise<void> {
    if (child && isRunning()) await once(child, 'exit');
  }

  async function stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const exit = exited();
    if (isRunning()) child?.kill(signal);
    await exit;
  }

  async function remove(): Promise<void> {
    await stop('SIGKILL');
    if (!options.dir) await rm(dir, { recursive: true, force: true });
  }

  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }

  return {
    port,
    dir,
    isRunning,
    output: () => output,
    start,
    kill: (signal) => void child?.kill(signal),
    stop,
    exited,
    async restart() {
      await stop();
      await start();
    },
    remove,
  };
}

/** However this process ends, the pipe to the guard closes, and the guard ends the server. */
function endWithUs(server: ChildProcess): void {
  const script = 'trap "" INT TERM HUP; read -r _; kill -KILL "$0"';
  const guard = spawn('sh', ['-c', script, `${server.pid}`], { stdio: ['pipe', 'ignore', 'ignore'] });
  server.once('exit', () => guard.kill('SIGKILL'));
}

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
