import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { type AuthError, keysUnavailable } from './auth-error.js';

export interface IssuerKeysDependencies {
  readonly log: { warn(details: object, message: string): void };
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Keys of this age in milliseconds are fetched anew, while they still serve. */
const REFRESH_MS = 600_000;
/** Milliseconds before a key that nobody knows may cause another fetch: made-up key ids are not to burden the issuer. */
const COOL_DOWN_MS = 10_000;
/** Milliseconds between attempts while the issuer is away. */
const RETRY_MS = 5000;
const TIMEOUT_MS = 3000;

/**
 * The issuer's public keys (RFC 7517), by `kid`. Known keys serve for as long as the issuer is away. Throws
 * `keys_unavailable` when there are none yet, and when the issuer can't be asked about an unknown one: because it does not
 * answer, or because it was asked a moment ago. A key that it has just begun to sign with looks the same as a made-up one
 * until then, and a 401 would send the caller away for good.
 */
export function createIssuerKeys(url: URL, { log, now }: IssuerKeysDependencies): JWTVerifyGetKey {
  // When to fetch is decided below alone: jose itself would let go of its keys, and ask a broken issuer at every call.
  const keys = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
  });
  let hasKeys = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;
  let fetches = 0;
  let fetching: Promise<void> | undefined;

  async function fetchKeys(): Promise<void> {
    try {
      await keys.reload();
      hasKeys = true;
      failure = undefined;
    } catch (error) {
      failure = error;
      log.warn({ err: error }, "the issuer's keys cannot be fetched");
    }
    triedAt = now();
    fetches += 1;
    fetching = undefined;
  }

  /** A caller may ask again as soon as the issuer may be asked again. */
  function unavailable(waitMs: number): AuthError {
    return keysUnavailable(failure, Math.max(1, Math.ceil((triedAt + waitMs - now()) / 1000)));
  }

  /** Fetches if the last attempt is so many milliseconds ago. Joins a fetch that is under way. */
  function refresh(afterMs: number): Promise<void> | undefined {
    if (now() - triedAt >= (failure ? RETRY_MS : afterMs)) fetching ??= fetchKeys();
    return fetching;
  }

  return async (header, token) => {
    const fetchesBefore = fetches;
    const refreshed = refresh(REFRESH_MS);
    if (!hasKeys) await refreshed;
    if (!hasKeys) throw unavailable(RETRY_MS);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await refresh(COOL_DOWN_MS);
    if (failure) throw unavailable(RETRY_MS);
    if (fetches === fetchesBefore) throw unavailable(COOL_DOWN_MS);
    return keys(header, token);
  };
}
