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

/** The problem that an error is to the caller. Logs what is inside a 5xx, which the caller is not told. */
export function reportError(error: unknown, { log }: FastifyRequest): Problem {
  const problem = toProblem(error as FastifyError);
  if (problem.status >= 500) log.error({ err: problem.cause ?? problem }, problem.message);
  return problem;
}

/** The JSON of problem details. */
export function problemText({ status, code, message: detail, errors }: Problem, requestId: string): string {
  const title = STATUS_CODES[status];
  return JSON.stringify({ type: 'about:blank', title, status, code, detail, requestId, errors });
}

export function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, retryAfterSeconds } = problem;
  if (retryAfterSeconds !== undefined) reply.header('Retry-After', retryAfterSeconds);
  // A string passes by the route's serializers, which know only its own answers.
  return reply.code(status).type('application/problem+json').send(problemText(problem, request.id));
}

/** The methods of each route, by its path, such as `/drones/:id` or `/drones/:id([0-9]+)`. */
type Methods = Map<string, Set<string>>;

/** Whether a segment of a caller's path is what the same segment of a route's path asks for. */
function isMatch(wanted: string | undefined, given: string): boolean {
  if (!wanted?.startsWith(':')) return wanted === given;
  const own = wanted.indexOf('(');
  return given !== '' && (own < 0 || new RegExp(`^${wanted.slice(own)}$`).test(given));
}

/** A slash at the end counts for nothing. */
const toSegments = (path: string): string[] => (path.endsWith('/') ? path.slice(0, -1) : path).split('/');

function methodsOf(methods: Methods, path: string): string[] {
  const given = toSegments(path);
  const names = [...methods].flatMap(([route, names]) => {
    const wanted = toSegments(route);
    const isRoute =
      wanted.length === given.length && given.every((segment, at) => isMatch(wanted[at], segment));
    return isRoute ? [...names] : [];
  });
  return [...new Set(names)];
}

/** 405 with `Allow` (RFC 9110 section 15.5.6) where the path is right, else 404. */
function refuseRoute(methods: Methods, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const [path = ''] = request.url.split('?');
  const allowed = methodsOf(methods, path);
  if (allowed.length === 0)
    return sendProblem(
      new Problem(404, 'route_not_found', `No route ${request.method} ${path}`),
      request,
      reply,
    );
  reply.header('Allow', allowed.join(', '));
  return sendProblem(
    new Problem(405, 'method_not_allowed', `${path} takes ${allowed.join(', ')}`),
    request,
    reply,
  );
}

/** Answers every error, and every unknown route, with problem details; what is inside a 5xx goes to the log alone. */
export const problemDetails = fp(async (app: FastifyInstance) => {
  const methods: Methods = new Map();
  app.addHook('onRoute', ({ url, method }) => {
    if (url.includes('*')) return; // Files, and the answers to preflights.
    const names = methods.get(url) ?? new Set();
    methods.set(url, names);
    for (const name of [method].flat()) names.add(name);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    // Fastify asks for a body's type even where nobody would read it.
    if (request.is404 && !(error instanceof Problem)) return refuseRoute(methods, request, reply);
    return sendProblem(reportError(error, request), request, reply);
  });
  app.setNotFoundHandler((request, reply) => refuseRoute(methods, request, reply));
});
