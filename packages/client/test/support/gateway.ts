import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { EventBus } from '@dronecast/bus';
import { formatCursor, parseChannel, parseCursor, STREAM_START } from '@dronecast/events';
import type { Test } from 'tap';
import { WebSocket } from 'ws';
import { EVERYTHING, matches, subscribe } from '../../../../apps/relay/src/hub/filter.js';

export interface Upstream {
  readonly port: number;
  readonly bus: EventBus;
}

/**
 * What stands between a client and a relay: a proxy that may be hostile to upgrades and to streams, with the relay's
 * fallbacks `/sse/events` and `/poll/events` behind it.
 */
export interface Gateway {
  readonly url: string;
  stripsUpgrade: boolean;
  holdsStreams: boolean;
  /** Paths that were asked for, each as often as it was. */
  readonly requests: string[];
  /** Cuts every connection. */
  cut(): void;
}

const names = (query: URLSearchParams, name: string): string[] =>
  query.getAll(name).flatMap((list) => list.split(',')).filter(Boolean);

/** The event stream: each frame of a socket as a message; a heartbeat is a comment and an id. */
function streamEvents({ port }: Upstream, request: IncomingMessage, response: ServerResponse): void {
  const query = new URL(request.url ?? '', 'http://relay').searchParams;
  const since = request.headers['last-event-id'];
  if (typeof since === 'string') query.set('since', since);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/events?${query}`);
  response.on('close', () => socket.terminate());
  socket.on('unexpected-response', (_request, answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  socket.on('error', () => response.destroy());
  socket.on('open', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('retry: 10\n\n');
  });
  socket.on('close', () => response.end());
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.event === 'relay.heartbeat') response.write(`: heartbeat\nid: ${frame.data.cursor}\n\n`);
    else response.write(`${frame.id ? `id: ${frame.id}\n` : ''}data: ${data}\n\n`);
  });
}

/** One answer: what came since, at once or as soon as something comes. */
async function pollEvents({ bus }: Upstream, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const query = new URL(request.url ?? '', 'http://relay').searchParams;
  const filter = subscribe(EVERYTHING, { sn: names(query, 'sn'), events: names(query, 'events') });
  const bounds = await bus.read(STREAM_START, 0);
  const since = query.get('since');
  const place = since === null ? { epoch: bounds.epoch, id: bounds.newest } : parseCursor(since);
  const answer = (events: unknown[], id = bounds.newest): void => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ events, cursor: formatCursor({ epoch: bounds.epoch, id }) }));
  };
  const deadline = Date.now() + Number(query.get('wait')) * 1000;
  for (;;) {
    const page = place && (await bus.read(place.id, Number(query.get('limit'))));
    if (place?.epoch !== bounds.epoch || !page?.isKnown) {
      const data = { cursor: formatCursor({ epoch: bounds.epoch, id: bounds.newest }), reason: 'history lost' };
      return answer([{ type: 'relay', event: 'relay.gap', data }]);
    }
    const found = page.events.filter(({ channel }) => {
      const route = parseChannel(channel);
      return route && matches(filter, route);
    });
    const last = page.events.at(-1)?.id ?? place.id;
    if (found.length > 0) return answer(found.map(({ frame }) => JSON.parse(frame.toString())), last);
    if (Date.now() >= deadline || response.destroyed) return answer([], last);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export async function startGateway(t: Test, upstream: Upstream): Promise<Gateway> {
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    const { upgrade, connection, ...headers } = request.headers;
    const options = { port: upstream.port, path: request.url, method: request.method, headers };
    const onward = httpRequest(options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://relay');
    gateway.requests.push(pathname);
    if (pathname === '/sse/events') {
      if (!gateway.holdsStreams) streamEvents(upstream, request, response);
    } else if (pathname === '/poll/events') void pollEvents(upstream, request, response);
    else forward(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    gateway.requests.push('upgrade');
    socket.on('error', () => {});
    if (gateway.stripsUpgrade) return socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n');
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
