import { createSecretKey } from 'node:crypto';
import { SignJWT } from 'jose';

export interface TokenContent {
  readonly sub: string;
  /** Scopes with a space between each two. */
  readonly scope: string;
  /** `*`, or a comma list of serial numbers and prefixes. */
  readonly drones: string;
  readonly expiresInSeconds: number;
  readonly iss?: string | undefined;
  readonly aud?: string | undefined;
}

/** Makes a token as `JWT_SECRET` checks it: for development, and for tests. */
export function signToken(content: TokenContent, secret: string): Promise<string> {
  const { iss, aud, expiresInSeconds, ...claims } = content;
  const issuedAt = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...claims, ...(iss && { iss }), ...(aud && { aud }) })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + expiresInSeconds)
    .sign(createSecretKey(secret, 'utf8'));
}
