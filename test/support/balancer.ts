import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Test } from 'tap';

export interface Balancer {
  readonly url: string;
  add(port: number): void;
  /** New connections go elsewhere; those that are there stay. */
  remove(port: number): void;
  /** Breaks all connections that are there. */
  cut(): void;
  /** Forwards nothing any more in either direction, and closes nothing. */
  stall(): void;
  /** Forwards again, what came meanwhile as well. */
  flow(): void;
}

/** Hands TCP connections to local ports in turn, as a Service of Kubernetes does. Closed with the test. */
export async function startBalancer(t: Test): Promise<Balancer> {
  const ports: number[] = [];
  /** The other side of each socket. */
  const pairs = new Map<Socket, Socket>();
  let isStalled = false;
  const server = createServer((client) => {
    const port = ports.shift();
    if (port === undefined) return client.destroy();
    ports.push(port);
    const backend = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, backend],
      [backend, client],
    ] as const) {
      pairs.set(from, to);
      if (!isStalled) from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        pairs.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of pairs.keys()) socket.destroy();
  };
  t.teardown(() => {
    cut();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (port) => void ports.push(port),
    remove: (port) => void ports.splice(ports.indexOf(port), 1),
    cut,
    stall() {
      isStalled = true;
      for (const socket of pairs.keys()) socket.unpipe().pause();
    },
    flow() {
      isStalled = false;
      for (const [from, to] of pairs) from.pipe(to);
    },
  };
}
