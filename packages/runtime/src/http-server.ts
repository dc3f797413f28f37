import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { Server } from 'node:http';
import { type AddressInfo, createServer, type ListenOptions, type Server as NetServer } from 'node:net';

/** A machine without IPv6 may still have an entry for `::1` among its host names. */
const MISSING = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT']);

/**
 * An HTTP server that listens on each address of `localhost`, because some clients try `::1` first and others
 * `127.0.0.1`. All of them feed the same server, so that its listeners, its limits and its close apply to every
 * connection. Fastify itself would start a second server, which has no listeners for errors and upgrades.
 */
export class HttpServer extends Server {
  readonly #more: NetServer[] = [];

  /** Addresses besides the one that `address()` returns. */
  get moreAddresses(): AddressInfo[] {
    return this.#more.map((server) => server.address() as AddressInfo);
  }

  override listen(...args: unknown[]): this {
    const [options] = args as [ListenOptions];
    if (options.host !== 'localhost') return super.listen(options);
    this.#listenOnAll(options).catch((error) => {
      for (const server of this.#more) server.close();
      this.emit('error', error);
    });
    return this;
  }

  async #listenOnAll(options: ListenOptions): Promise<void> {
    const found = await lookup('localhost', { all: true, order: 'ipv4first' });
    const [host = '127.0.0.1', ...others] = new Set(found.map(({ address }) => address));
    let { port } = options;
    for (const other of others) {
      try {
        port = await this.#listenAlso(other, port);
      } catch (error) {
        if (!MISSING.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
    }
    // Last, because its `listening` tells that all of them do.
    super.listen({ ...options, host, port });
  }

  /** Resolves with the port, which the system chooses for port 0. */
  async #listenAlso(host: string, port: number | undefined): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      Object.assign(socket, { server: this }); // Node reports errors of the connection to it.
      this.emit('connection', socket);
    });
    server.listen({ host, port });
    await once(server, 'listening');
    this.#more.push(server);
    return (server.address() as AddressInfo).port;
  }

  /** Calls back once the connections of every address have ended. */
  override close(callback?: (error?: Error) => void): this {
    const closed = this.#more.map((server) => new Promise((resolve) => server.close(resolve)));
    return super.close((error) => void Promise.all(closed).then(() => callback?.(error)));
  }
}
