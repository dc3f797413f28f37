import { ConfigError } from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';

/** Bytes of a secret below which guessing is cheaper than for the hash itself (RFC 7518 section 3.2). */
const MIN_SECRET_BYTES = 32;

const text = (description: string) => Type.Optional(Type.String({ description }));

/** Settings of each process that takes tokens. */
export const authSettings = {
  NODE_ENV: text('the name of an environment'),
  AUTH_MODE: Type.Optional(
    Type.Union([Type.Literal('jwt'), Type.Literal('none')], { description: 'jwt or none' }),
  ),
  JWT_SECRET: text('a secret of 32 or more bytes'),
  JWT_SECRET_PREVIOUS: text('a secret of 32 or more bytes, which verifies tokens beside JWT_SECRET'),
  JWKS_URL: Type.Optional(
    Type.String({ pattern: '^https?://[^\\s/]\\S*$', description: 'an http:// or https:// URL' }),
  ),
  JWT_ISSUER: text("the tokens' iss claim"),
  JWT_AUDIENCE: text("the tokens' aud claim, or one of them"),
  RATE_LIMIT_PER_MINUTE: Type.Optional(
    Type.Integer({ minimum: 0, description: 'a whole number of requests (0 = no limit)' }),
  ),
};

const AuthSettings = Type.Object(authSettings);
export type AuthSettings = Static<typeof AuthSettings>;

/** Claims that a token must have when they are set. */
interface ExpectedClaims {
  readonly issuer: string | undefined;
  readonly audience: string | undefined;
}

interface SecretOptions {
  readonly mode: 'secret';
  readonly secret: string;
  /** Verifies what was signed before the secret was rotated. */
  readonly previousSecret?: string;
}

/** How tokens are checked: with a secret that whoever makes them shares, or with their issuer's public keys. */
export type TokenOptions = ExpectedClaims &
  (SecretOptions | { readonly mode: 'issuer'; readonly jwksUrl: URL });

export type AuthOptions = { readonly mode: 'none' } | TokenOptions;

/** Throws ConfigError for a secret that is too short. */
export function checkSecret(secret: string, setting = 'JWT_SECRET'): string {
  if (Buffer.byteLength(secret) >= MIN_SECRET_BYTES) return secret;
  throw new ConfigError(`${setting} must be a secret of ${MIN_SECRET_BYTES} or more bytes`);
}

/** No token is asked for only where that was said, or could not have been meant otherwise. Throws ConfigError. */
export function toAuthOptions(settings: AuthSettings): AuthOptions {
  const { NODE_ENV, AUTH_MODE, JWT_SECRET, JWT_SECRET_PREVIOUS, JWKS_URL } = settings;
  const given = (['JWT_SECRET', 'JWT_SECRET_PREVIOUS', 'JWKS_URL'] as const).find((name) => settings[name]);
  if (AUTH_MODE === 'none') return { mode: 'none' };
  if (AUTH_MODE === undefined) {
    if (given) throw new ConfigError(`AUTH_MODE must be jwt for ${given} to count, or none`);
    if (NODE_ENV === 'production') throw new ConfigError('AUTH_MODE must be set in production: jwt, or none');
    return { mode: 'none' };
  }
  const claims = { issuer: settings.JWT_ISSUER, audience: settings.JWT_AUDIENCE };
  if (JWT_SECRET && JWKS_URL) throw new ConfigError('JWT_SECRET and JWKS_URL exclude each other');
  if (JWT_SECRET_PREVIOUS && !JWT_SECRET) {
    throw new ConfigError('JWT_SECRET_PREVIOUS needs JWT_SECRET beside it');
  }
  if (JWT_SECRET) {
    return {
      mode: 'secret',
      secret: checkSecret(JWT_SECRET),
      ...(JWT_SECRET_PREVIOUS && {
        previousSecret: checkSecret(JWT_SECRET_PREVIOUS, 'JWT_SECRET_PREVIOUS'),
      }),
      ...claims,
    };
  }
  if (!JWKS_URL) throw new ConfigError('JWT_SECRET or JWKS_URL is required with AUTH_MODE=jwt');
  if (!URL.canParse(JWKS_URL)) throw new ConfigError('JWKS_URL must be an http:// or https:// URL');
  return { mode: 'issuer', jwksUrl: new URL(JWKS_URL), ...claims };
}

/** Requests a minute of one subject, unless set; without tokens all who share an address would be taken for one. */
const DEFAULT_RATE_LIMIT = 6000;

/** Requests that one caller may make in a minute; 0: as many as it likes. */
export const toRateLimit = ({ AUTH_MODE, RATE_LIMIT_PER_MINUTE }: AuthSettings): number =>
  RATE_LIMIT_PER_MINUTE ?? (AUTH_MODE === 'jwt' ? DEFAULT_RATE_LIMIT : 0);
