import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Test } from 'tap';

/** What stands between a client and a relay: a proxy that may be hostile to upgrades and to streams. */
export interface Gateway {
  readonly url: string;
  stripsUpgrade: boolean;
  holdsStreams: boolean;
  /** Paths that were asked for, each as often as it was. */
  readonly requests: string[];
  /** Cuts every connection. */
  cut(): void;
}

export async function startGateway(t: Test, upstream: { readonly port: number }): Promise<Gateway> {
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    const { upgrade, connection, ...headers } = request.headers;
    const options = { port: upstream.port, path: request.url, method: request.method, headers };
    const onward = httpRequest(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://relay');
    gateway.requests.push(pathname);
    if (pathname !== '/sse/events' || !gateway.holdsStreams) forward(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    gateway.requests.push('upgrade');
    socket.on('error', () => {});
    if (gateway.stripsUpgrade)
      return socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n');
    const onward = connect(upstream.port, '127.0.0.1', () => {
      const lines = request.rawHeaders.map((text, index) => (index % 2 ? `${text}\r\n` : `${text}: `));
      onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${lines.join('')}\r\n`);
      onward.write(head);
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
  });
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  t.teardown(() => {
    server.close();
    cut();
  });
  const gateway: Gateway = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stripsUpgrade: false,
    holdsStreams: false,
    requests: [],
    cut,
  };
  return gateway;
}
