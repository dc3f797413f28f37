import { createSecretKey } from 'node:crypto';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Access, EVERYTHING_ALLOWED } from './access.js';
import { expiredToken, invalidToken, missingToken } from './auth-error.js';
import { toAccess } from './claims.js';
import { createIssuerKeys, type IssuerKeysDependencies } from './issuer-keys.js';
import type { AuthOptions, TokenOptions } from './settings.js';

export interface Authenticator {
  /**
   * What the bearer of a token may do. Throws an AuthError: `missing_token`, `invalid_token`, `expired_token`, or
   * `keys_unavailable` while nobody can tell.
   */
  authenticate(token: string | undefined): Promise<Access>;
}

export interface AuthenticatorDependencies {
  readonly log: IssuerKeysDependencies['log'];
  /** Milliseconds since 1970 [the system's clock]. */
  readonly now?: () => number;
}

/** Seconds that clocks may differ. */
const CLOCK_SKEW_S = 5;

/** One list for each kind of key, so that no public key is ever taken for a secret (RFC 8725 sections 2.1 and 3.1). */
const SECRET_ALGORITHMS = ['HS256'];
const ISSUER_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'EdDSA', 'Ed25519'],
];

function secretKey(secret: string): JWTVerifyGetKey {
  const key = createSecretKey(secret, 'utf8');
  return async () => key;
}

/** The keys to check a token with: each after the one before has not verified it. */
const keysOf = (options: TokenOptions, dependencies: IssuerKeysDependencies): readonly JWTVerifyGetKey[] =>
  options.mode === 'issuer'
    ? [createIssuerKeys(options.jwksUrl, dependencies)]
    : [options.secret, options.previousSecret].filter((secret) => secret !== undefined).map(secretKey);

function toAuthError(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return expiredToken(error);
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error;
    const isEarly = claim === 'nbf' && reason === 'check_failed';
    return invalidToken(isEarly ? 'The token is not valid yet' : `The claim ${claim} is not accepted`, error);
  }
  return error instanceof errors.JOSEError ? invalidToken('The token is not valid', error) : error;
}

function createVerifier(options: TokenOptions, dependencies: IssuerKeysDependencies) {
  const keys = keysOf(options, dependencies);
  const rules = {
    algorithms: options.mode === 'secret' ? SECRET_ALGORITHMS : ISSUER_ALGORITHMS,
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_SKEW_S,
    ...(options.issuer && { issuer: options.issuer }),
    ...(options.audience && { audience: options.audience }),
  };
  return async (token: string): Promise<JWTPayload> => {
    let failure: unknown;
    for (const key of keys) {
      try {
        const currentDate = new Date(dependencies.now());
        return (await jwtVerify(token, key, { ...rules, currentDate })).payload;
      } catch (error) {
        failure = error;
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break;
      }
    }
    throw toAuthError(failure);
  };
}

/** Checks signed tokens (RFC 7519, RFC 8725), or lets everybody do everything when no token is asked for. */
export function createAuthenticator(
  options: AuthOptions,
  { log, now = Date.now }: AuthenticatorDependencies,
): Authenticator {
  if (options.mode === 'none') return { authenticate: async () => EVERYTHING_ALLOWED };
  const verify = createVerifier(options, { log, now });
  return {
    async authenticate(token) {
      if (token === undefined) throw missingToken();
      return toAccess(await verify(token));
    },
  };
}
