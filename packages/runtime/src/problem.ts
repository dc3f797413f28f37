import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { type FieldError, ValidationError } from './validation.js';

/** An error to answer with as it is: problem details (RFC 9457) with a stable `code`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    more: { errors?: readonly FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: more.cause });
    this.errors = more.errors;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** Fastify's own refusals, in our codes. */
const FASTIFY_CODES: Readonly<Record<string, string>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_content_length',
};

function toProblem(error: FastifyError): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ValidationError) {
    return new Problem(400, 'validation_failed', error.message, { errors: error.errors });
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) return new Problem(500, 'internal_error', 'Something went wrong here', { cause: error });
  const code = FASTIFY_CODES[error.code] ?? 'bad_request';
  const errors = code === 'malformed_json' ? [{ pointer: '', message: 'must be JSON' }] : undefined;
  return new Problem(status, code, error.message, errors && { errors });
}

function send(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, message: detail, errors, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) reply.header('Retry-After', retryAfterSeconds);
  const body = {
    type: 'about:blank',
    title: STATUS_CODES[status],
    status,
    code,
    detail,
    requestId: request.id,
    errors,
  };
  // A string passes by the route's serializers, which know only its own answers.
  return reply.code(status).type('application/problem+json').send(JSON.stringify(body));
}

/** Methods that the routes of a path take, by a pattern of the path. */
type Methods = Map<RegExp, Set<string>>;

/** Of a route's path, such as `/drones/:id` or `/drones/:id([0-9]+)`. */
function toPattern(url: string): RegExp {
  const source = url.replaceAll('.', '\\.').replace(/:\w+(\(.*?\)(?=\/|$))?/g, (_, own = '[^/]+') => own);
  return new RegExp(`^${source}/?$`);
}

const methodsOf = (methods: Methods, path: string): string[] =>
  [...methods].flatMap(([pattern, names]) => (pattern.test(path) ? [...names] : []));

/** 405 with `Allow` (RFC 9110 section 15.5.6) where the path is right, else 404. */
function refuseRoute(methods: Methods, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const allowed = methodsOf(methods, path);
  if (allowed.length === 0)
    return send(new Problem(404, 'route_not_found', `No route ${request.method} ${path}`), request, reply);
  reply.header('Allow', allowed.join(', '));
  return send(new Problem(405, 'method_not_allowed', `${path} takes ${allowed.join(', ')}`), request, reply);
}

/** Answers every error, and every unknown route, with problem details; what is inside a 5xx goes to the log alone. */
export const problemDetails = fp(async (app: FastifyInstance) => {
  const methods: Methods = new Map();
  const patterns = new Map<string, RegExp>();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return; // Files, and the answers to preflights.
    const pattern = patterns.get(url) ?? toPattern(url);
    patterns.set(url, pattern);
    const names = methods.get(pattern) ?? new Set();
    methods.set(pattern, names);
    for (const name of [method].flat()) names.add(name);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Fastify asks for a body's type even where nobody would read it.
    if (request.is404) return refuseRoute(methods, request, reply);
    const problem = toProblem(error);
    if (problem.status >= 500) request.log.error({ err: problem.cause ?? problem }, problem.message);
    return send(problem, request, reply);
  });
  app.setNotFoundHandler((request, reply) => refuseRoute(methods, request, reply));
});
