import type { Test } from 'tap';
import { requires } from './requirement.js';
import { type ServerOptions, type ServerProcess, startServer } from './server-process.js';

export interface RedisServer extends ServerProcess {
  readonly url: string;
}

export interface RedisServerOptions extends ServerOptions {
  /** Settings as on the command line; default: nothing is written to disk. */
  readonly args?: readonly string[];
}

export const requiresRedis = (t: Test): boolean => requires(t, 'redis-server');

export async function startRedis(t: Test, options: RedisServerOptions = {}): Promise<RedisServer> {
  const settings = options.args ?? ['--save', '', '--appendonly', 'no'];
  const server = await startServer(
    t,
    'redis-server',
    ({ port, dir }) => ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, ...settings],
    options,
  );
  return { ...server, url: `redis://127.0.0.1:${server.port}` };
}
