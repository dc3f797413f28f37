import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { Queue } from '../../../../test/support/queue.js';

export interface HttpVisit {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly response: ServerResponse;
  /** Begins an event stream, whose text the test writes to `response`. */
  stream(): void;
  /** Answers a poll, or whatever was asked, with a text. */
  answer(body: string, contentType?: string): void;
}

/** What is behind `/sse/events` and `/poll/events`: bytes that the test gives. */
export async function startFakeHttpRelay(t: Test) {
  const visits = new Queue<HttpVisit>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://relay');
    visits.push({
      path: pathname,
      query: searchParams,
      headers: request.headers,
      response,
      stream() {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.flushHeaders();
      },
      answer(body, contentType = 'application/json') {
        response.writeHead(200, { 'content-type': contentType });
        response.end(body);
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, visits };
}

/** A block of an event stream. */
export const block = (data: string | object, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
