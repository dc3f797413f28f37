import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, RouteOptions } from 'fastify';

/** A connection with the response that Node is writing to it, if there is one; the others wait in line behind that. */
type Connection = Socket & { readonly _httpMessage?: ServerResponse | null };

/** Node's `server.maxHeadersCount`. Node drops the header fields beyond it. */
const MAX_HEADERS = 1000;

/** Where the body's end is what the header fields say. */
const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const protocolsOf = ({ headers }: IncomingMessage): string[] =>
  (headers.upgrade ?? '').split(',').map((protocol) => protocol.trim().toLowerCase());

function pathOf({ url = '' }: IncomingMessage): string | undefined {
  try {
    return decodeURI(new URL(url, 'http://host').pathname);
  } catch {
    return undefined;
  }
}

/** The request's head without `Upgrade`. Never longer than the original, so that it is within the limit for headers. */
function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}:${value}`);
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** Calls `proceed` once all earlier requests of the connection are answered, unless the connection ends before. */
function afterAnswers(connection: Connection, proceed: () => void): void {
  const pending = connection._httpMessage;
  if (!pending) return proceed();
  pending.once('close', () => {
    if (connection.writable) afterAnswers(connection, proceed);
  });
}

/**
 * Answers a request with an `Upgrade` that no route takes as if it had none (RFC 9110 section 7.8): Java's HttpClient and
 * `curl --http2` ask for `h2c` with each request. Node stops parsing the connection at such a request: its body, and what
 * the client sends behind it, are left unread. Here the connection is handed to the server again, beginning with the same
 * request without `Upgrade`.
 *
 * Returns a server that never listens, and emits `upgrade` for each request that a route with `websocket: true` takes.
 */
export function handleUpgrades(app: FastifyInstance): Server {
  const { server } = app;
  const paths = new Set<string>();
  const taken = new Server();
  app.addHook('onRoute', ({ url, ...route }: RouteOptions & { websocket?: boolean }) => {
    if (route.websocket) paths.add(url);
  });

  function isTaken(request: IncomingMessage): boolean {
    return (
      request.method === 'GET' &&
      request.httpVersion !== '1.0' &&
      protocolsOf(request).includes('websocket') &&
      paths.has(pathOf(request) ?? '')
    );
  }

  function replay(request: IncomingMessage, connection: Socket, rest: Buffer): void {
    // At once, so that the end of the client's input is not seen before what came ahead of it.
    connection.unshift(Buffer.concat([plainHead(request), rest]));
    afterAnswers(connection, () => {
      connection.off('error', connection.destroy);
      connection.setTimeout(0); // The answer before may have set the one for idle connections.
      server.emit('connection', connection);
    });
  }

  server.on('upgrade', (request, connection: Socket, rest) => {
    connection.on('error', connection.destroy);
    if (isTaken(request)) {
      afterAnswers(connection, () => {
        connection.off('error', connection.destroy);
        request.headers.upgrade = 'websocket'; // It may have been one of several.
        taken.emit('upgrade', request, connection, rest);
      });
    } else if (request.rawHeaders.length >= 2 * MAX_HEADERS) {
      // One of the dropped fields may say where the body ends.
      const error = Object.assign(new Error('Too many headers'), { code: 'HPE_HEADER_OVERFLOW' });
      afterAnswers(connection, () => server.emit('clientError', error, connection));
    } else replay(request, connection, rest);
  });

  // A newer Node reads the body before an upgrade, so there it must know earlier. What the client has sent behind such a
  // request is lost, so its answer is the connection's last one.
  if ('shouldUpgradeCallback' in server) {
    server.shouldUpgradeCallback = (request: IncomingMessage) => isTaken(request) || !hasBody(request);
    app.addHook('onRequest', async ({ raw }, reply) => {
      if ('upgrade' in raw.headers && hasBody(raw)) reply.header('Connection', 'close');
    });
  }
  return taken;
}
