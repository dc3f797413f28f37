import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
}

/** An HTTP server that keeps what it is sent and answers as told. */
export async function startApiDouble(answer: (request: SeenRequest) => Answer | Promise<Answer>, port = 0) {
  const seen: SeenRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method, url = '', headers } = request;
    const seenRequest = { method, url, headers, body: JSON.parse(await text(request)) };
    seen.push(seenRequest);
    const { status, headers: answerHeaders } = await answer(seenRequest);
    response.writeHead(status, { 'content-type': 'application/json', ...answerHeaders });
    response.end('{}');
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;

  return {
    seen,
    port: address.port,
    url: new URL(`http://127.0.0.1:${address.port}`),
    async close(): Promise<void> {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** What the API answers when all is well. */
export const accept = ({ method }: SeenRequest): Answer => ({ status: method === 'POST' ? 201 : 200 });
