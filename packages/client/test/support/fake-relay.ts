import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { type WebSocket, WebSocketServer } from 'ws';
import { Queue } from '../../../../test/support/queue.js';

export interface Visit {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  readonly query: URLSearchParams;
  /** What the client says. */
  readonly said: Queue<unknown>;
  say(frame: object): void;
  greet(data?: object): void;
}

export interface FakeRelay {
  readonly url: string;
  readonly visits: Queue<Visit>;
  /** The status to answer with in place of an upgrade; undefined lets everybody in. */
  refuse: (request: IncomingMessage) => number | undefined;
}

/** A relay that says what the test wants it to say. */
export async function startFakeRelay(t: Test): Promise<FakeRelay> {
  const server = createServer((request, response) => {
    const status = relay.refuse(request) ?? 426;
    response.writeHead(status, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ detail: `refused with ${status}` }));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    const status = relay.refuse(request);
    if (status !== undefined) return socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (socket) => {
      const said = new Queue<unknown>();
      const say = (frame: object): void => socket.send(JSON.stringify(frame));
      socket.on('message', (data) => said.push(JSON.parse(data.toString())));
      const { searchParams } = new URL(request.url ?? '', 'http://relay');
      relay.visits.push({
        request,
        socket,
        said,
        say,
        query: searchParams,
        greet: (data = {}) =>
          say({
            type: 'relay',
            event: 'relay.connected',
            data: { clientId: 'x', cursor: 'e.1-0', resumed: false, heartbeatMs: 60_000, ...data },
          }),
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  });
  const relay: FakeRelay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits: new Queue<Visit>(),
    refuse: () => undefined,
  };
  return relay;
}

/** An event with a number in it, at a place that the number gives. */
export const numbered = (number: number, epoch = 'e'): object => ({
  id: `${epoch}.${number}-0`,
  type: 'drone:event',
  event: 'drone.updated',
  channel: 'drone:A:updated',
  serialNumber: 'A',
  data: { number },
});
