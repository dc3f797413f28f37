import { type Server, type ServerOptions, startServer } from './server.js';

/** Path or name of a server that takes the options below and speaks MongoDB's protocol. */
export const MONGO_COMMAND = process.env.MONGO_TEST_SERVER || 'secantusd-py';

export interface Mongo extends Server {
  readonly url: string;
}

/** A server that has MongoDB's `configureFailPoint`. */
export async function startMongo(options: ServerOptions = {}): Promise<Mongo> {
  const server = await startServer(
    MONGO_COMMAND,
    ({ port, dir }) => [
      ...['--port', `${port}`, '--storage-path', dir, '--log-level', 'ERROR'],
      ...['--standalone', '--enable-test-commands'],
    ],
    options,
  );
  return { ...server, url: `mongodb://127.0.0.1:${server.port}/dronecast` };
}
