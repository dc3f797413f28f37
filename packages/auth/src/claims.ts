import { DroneName, MAX_ACTOR_LENGTH } from '@dronecast/events';
import { collectErrors } from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type Access, isScope } from './access.js';
import { invalidToken } from './auth-error.js';

/** The last second, counted from 1970, that a date can hold. */
const LAST_SECOND = 8_640_000_000_000;

/** What we read of a token (RFC 7519); other claims are the issuer's business. Without `scope` or `drones` it allows none. */
export const Claims = Type.Object({
  sub: Type.String({
    minLength: 1,
    maxLength: MAX_ACTOR_LENGTH,
    description: `1-${MAX_ACTOR_LENGTH} characters`,
  }),
  exp: Type.Number({ maximum: LAST_SECOND, description: 'seconds since 1970' }),
  scope: Type.Optional(Type.String({ description: 'scopes with a space between each two' })),
  drones: Type.Optional(
    Type.Array(DroneName, { description: 'a list of serial numbers and prefixes like abc*, or *' }),
  ),
});
export type Claims = Static<typeof Claims>;

const checker = TypeCompiler.Compile(Claims);

/** A comma list is an array by another name. */
export const splitNames = (list: string): string[] =>
  list
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);

/** What the claims of a genuine token allow. Throws `invalid_token`, naming the claim that is wrong. */
export function toAccess(payload: Readonly<Record<string, unknown>>): Access {
  const { drones } = payload;
  const claims = { ...payload, drones: typeof drones === 'string' ? splitNames(drones) : drones };
  if (!checker.Check(claims)) {
    const [error] = collectErrors(checker.Errors(claims));
    throw invalidToken(`The claim ${error?.pointer.slice(1)} ${error?.message}`);
  }
  return {
    subject: claims.sub,
    scopes: new Set(claims.scope?.split(' ').filter(isScope)),
    drones: new Set(claims.drones),
    expiresAt: claims.exp * 1000,
  };
}
