import type { Scope } from './access.js';

/** The answer to each code, and the `error` that RFC 6750 section 3.1 has for it; who sent no token is told none. */
const ANSWERS = {
  missing_token: { status: 401, error: undefined },
  invalid_token: { status: 401, error: 'invalid_token' },
  expired_token: { status: 401, error: 'invalid_token' },
  invalid_request: { status: 400, error: 'invalid_request' },
  insufficient_scope: { status: 403, error: 'insufficient_scope' },
  keys_unavailable: { status: 503, error: undefined },
} as const;

export type AuthErrorCode = keyof typeof ANSWERS;

/** Why a caller is refused. Neither message nor challenge holds anything of the token but its claims' names. */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  /** The HTTP status to answer with. */
  readonly status: number;
  /** `WWW-Authenticate` (RFC 6750 section 3); undefined when another token would not help. */
  readonly challenge: string | undefined;
  /** When the same token is worth another try; undefined when it is not. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    readonly code: AuthErrorCode,
    message: string,
    more: { scope?: Scope; cause?: unknown; retryAfterSeconds?: number } = {},
  ) {
    super(message, { cause: more.cause });
    this.retryAfterSeconds = more.retryAfterSeconds;
    const { status, error } = ANSWERS[code];
    this.status = status;
    if (status === 503) return;
    const parameters = ['realm="dronecast"'];
    if (error) parameters.push(`error="${error}"`, `error_description="${message}"`);
    if (more.scope) parameters.push(`scope="${more.scope}"`);
    this.challenge = `Bearer ${parameters.join(', ')}`;
  }
}

export const missingToken = () => new AuthError('missing_token', 'A bearer token is required');

export const invalidToken = (reason: string, cause?: unknown) =>
  new AuthError('invalid_token', reason, { cause });

export const expiredToken = (cause: unknown) =>
  new AuthError('expired_token', 'The token has expired', { cause });

export const invalidRequest = (reason: string) => new AuthError('invalid_request', reason);

export const insufficientScope = (scope: Scope | undefined) =>
  new AuthError(
    'insufficient_scope',
    scope ? `The scope ${scope} is required` : 'This route is open to nobody',
    scope && { scope },
  );

export const keysUnavailable = (cause: unknown, retryAfterSeconds: number) =>
  new AuthError('keys_unavailable', 'The key of the token cannot be had from the issuer now', {
    cause,
    retryAfterSeconds,
  });
