import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP link that can be broken. */
export interface Link {
  readonly port: number;
  /** Ends all connections and takes no more. */
  cut(): void;
  /**
   * Takes connections, and lets nothing through. Who was connected is never told, not even after `heal`: only a timeout
   * can find such a half-open link.
   */
  swallow(): void;
  /** New connections work again. */
  heal(): void;
  close(): Promise<void>;
}

export async function startLink(targetPort: number): Promise<Link> {
  const sockets = new Set<Socket>();
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'cut' | 'swallowing' = 'open';

  function keep(socket: Socket): Socket {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    return socket;
  }

  function join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    pairs.add(pair);
    near.pipe(far).pipe(near);
    near.once('close', () => pairs.has(pair) && far.destroySoon());
    far.once('close', () => pairs.has(pair) && near.destroySoon());
    far.once('close', () => pairs.delete(pair));
  }

  function swallow([near, far]: readonly [Socket, Socket]): void {
    near.unpipe(far);
    far.unpipe(near);
    for (const socket of [near, far])
      socket
        .removeAllListeners('end')
        .resume()
        .once('end', () => socket.destroy());
  }

  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    keep(near);
    if (state === 'cut') near.resetAndDestroy();
    else if (state === 'swallowing') near.resume();
    else
      join(near, keep(connect({ port: targetPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');

  return {
    port: address.port,
    cut() {
      state = 'cut';
      for (const socket of sockets) socket.resetAndDestroy();
    },
    swallow() {
      state = 'swallowing';
      for (const pair of pairs) {
        pairs.delete(pair);
        swallow(pair);
      }
    },
    heal() {
      state = 'open';
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
