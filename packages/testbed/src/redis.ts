import { type Server, type ServerOptions, startServer } from './server.js';

export const REDIS_COMMAND = 'redis-server';

export interface Redis extends Server {
  readonly url: string;
}

export interface RedisOptions extends ServerOptions {
  /** Settings as on the command line; default: nothing is written to disk. */
  readonly args?: readonly string[] | undefined;
}

export async function startRedis({ args, ...options }: RedisOptions = {}): Promise<Redis> {
  const settings = args ?? ['--save', '', '--appendonly', 'no'];
  const server = await startServer(
    REDIS_COMMAND,
    ({ port, dir }) => ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, ...settings],
    options,
  );
  return { ...server, url: `redis://127.0.0.1:${server.port}` };
}
