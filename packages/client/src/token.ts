import { ConnectionError } from './errors.js';
import { within } from './within.js';

/** A token that stays as it is, or what gives one each time that one is needed. */
export type TokenSource = string | (() => string | Promise<string>);

/** What fits into a header and into a subprotocol. */
const TOKEN = /^[\x21-\x7e]+$/;

/** Milliseconds that a function may take to give a token. */
export const TOKEN_MS = 30_000;

/** The token to connect with; undefined where none is needed. Throws what the function throws, or a ConnectionError. */
export async function readToken(
  source: TokenSource | undefined,
  ms = TOKEN_MS,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (source === undefined) return undefined;
  const token: unknown =
    typeof source === 'string' ? source : await within(ms, 'the token function', source, signal);
  if (typeof token === 'string' && TOKEN.test(token)) return token;
  throw new ConnectionError('the token function gave no token: a text of visible ASCII characters');
}
