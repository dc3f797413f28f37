import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type {
  ConnectionError,
  FastifyError,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestHookHandler,
} from 'fastify';
import fp from 'fastify-plugin';
import { Problem, problemText, sendProblem } from './problem.js';
import { toRequestId } from './request-id.js';

/** Milliseconds that a caller has to read why it was refused. Until then what it still sends is thrown away. */
const LINGER_MS = 2000;
const REQUEST_LINE_END = / HTTP\/\d\.\d\r?$/;
const METHOD = /^\s{0,4}[A-Z]{2,20} /;

/**
 * Whether the line in which the headers became too large is a request line, as far as the last packet shows. Each other
 * line has a line end before it, or belongs to a packet that starts in the middle of it.
 */
function isRequestLine(packet: Buffer, at: number): boolean {
  const text = packet.toString('latin1');
  const start = text.lastIndexOf('\n', Math.max(0, at - 1)) + 1;
  const end = text.indexOf('\n', start);
  const line = end < 0 ? text.slice(start) : text.slice(start, end);
  return METHOD.test(line.slice(0, 32)) || REQUEST_LINE_END.test(line.slice(-16));
}

/** Undefined when the connection has failed, so that nobody would get an answer. */
function toProblem(error: ConnectionError): Problem | undefined {
  const { code = '', bytesParsed = 0 } = error;
  const { rawPacket }: { rawPacket?: unknown } = error; // Fastify declares it as what JSON makes of it.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem(408, 'request_timeout', 'The request did not arrive in time');
  if (!code.startsWith('HPE_')) return undefined;
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW')
    return new Problem(413, 'body_too_large', 'The extensions of a chunk are too large');
  if (code !== 'HPE_HEADER_OVERFLOW')
    return new Problem(400, 'malformed_request', `The request is not valid HTTP/1.1: ${error.message}`);
  return Buffer.isBuffer(rawPacket) && isRequestLine(rawPacket, bytesParsed)
    ? new Problem(414, 'uri_too_long', 'The request target is too long')
    : new Problem(431, 'headers_too_large', 'The headers of the request are too large');
}

interface Exchanges {
  /** Answers that are not done yet, in order. */
  readonly pending: Set<ServerResponse>;
  readonly latest: IncomingMessage;
}

const exchanges = new WeakMap<Socket, Exchanges>();
const refused = new WeakSet<Socket>();

/** The first `onRequest` hook: it must run before the parser goes on. A WebSocket's connection is the parser's no more. */
export const trackAnswer: onRequestHookHandler = ({ raw: request }, { raw: answer }, done) => {
  if ('upgrade' in request && request.upgrade) return done();
  const { socket } = request;
  const { pending } = exchanges.get(socket) ?? { pending: new Set() };
  exchanges.set(socket, { pending: pending.add(answer), latest: request });
  answer.once('close', () => pending.delete(answer));
  done();
};

/**
 * Writes a refusal to a connection that has no answer to write to, and closes it. `headers` are the request's, `more` are
 * the answer's.
 */
export function refuse(
  socket: Socket,
  problem: Problem,
  headers: IncomingHttpHeaders,
  more: Readonly<Record<string, string>> = {},
): void {
  const requestId = toRequestId({ headers });
  const body = problemText(problem, requestId);
  const fields = {
    ...more,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Request-Id': requestId,
    Date: new Date().toUTCString(),
    Connection: 'close',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n`;
  // A connection that is closed with bytes unread is reset, and a reset may overtake the answer.
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
  socket.resume().end(head + body);
}

/**
 * Fastify's `clientErrorHandler`. What HTTP's parser refuses is answered after the answers to the requests before it. If
 * an answer has begun, nothing is written into it: the connection is closed.
 */
export function answerClientError(this: FastifyInstance, error: ConnectionError, socket: Socket): void {
  // The parser fails again with each packet that follows.
  if (refused.has(socket)) return;
  refused.add(socket);
  this.log.debug({ err: error }, 'request refused: it is not valid HTTP');
  const problem = toProblem(error);
  const settle = (): void => {
    const { pending = [], latest } = exchanges.get(socket) ?? {};
    const [first] = pending;
    if (!problem || !socket.writable) socket.destroy();
    else if (first?.writableEnded) first.once('close', settle);
    else if (first?.headersSent) socket.destroy();
    else if (first?.req.complete) first.once('close', settle);
    // The rest of a body whose request was answered without it.
    else if (!first && latest && !latest.complete) socket.destroySoon();
    else refuse(socket, problem, {});
  };
  settle();
}

/** Fastify's `frameworkErrors`: what its router refuses, before any hook. */
export function answerRouterError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { raw } = request;
  // The connection of a refused upgrade is no longer the HTTP server's.
  if ('upgrade' in raw && raw.upgrade) reply.raw.once('finish', () => raw.socket.destroySoon());
  const problem =
    error.statusCode === 414
      ? new Problem(414, 'uri_too_long', 'A name in the path is too long')
      : new Problem(
          400,
          'malformed_url',
          'The request target is not a URL: its path must be percent-encoded UTF-8',
        );
  request.log.info(
    { method: request.method, path: request.url.split('?')[0], status: problem.status },
    'request',
  );
  return sendProblem(problem, request, reply.header('X-Request-Id', request.id));
}

/** What Node would answer by itself, without a body or not at all. */
export const answerBadRequests = fp(async (app: FastifyInstance) => {
  app.addHook('onRequest', async ({ headers: { expect } }) => {
    if (expect !== undefined && !/^100-continue$/i.test(expect))
      throw new Problem(417, 'expectation_failed', 'The only expectation that is met is 100-continue');
  });
  app.server.on('checkExpectation', app.routing);
  app.server.on('connect', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {}); // Node has taken its own listener away.
    refuse(socket, new Problem(501, 'not_implemented', 'CONNECT is for proxies'), request.headers);
  });
});
