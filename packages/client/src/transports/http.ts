import { ConnectionError, RefusedError } from '../errors.js';
import { toQuery } from '../filter.js';
import { findOriginRefusal } from '../origin-refusal.js';
import type { Attempt, Ending } from '../transport.js';

/** Thrown inside a transport: why it is over. */
export class Ended extends Error {
  constructor(readonly ending: Ending) {
    super(ending.error.message);
  }
}

/** The relay's address for this attempt, below its base. */
export function addressOf({ url, filter }: Attempt, path: string, query: Record<string, string> = {}): URL {
  const address = new URL(path, url);
  // URLSearchParams would write a space as `+`, which only readers of forms take for one.
  address.search = Object.entries({ ...toQuery(filter), ...query })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return address;
}

const RETRY = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Milliseconds: whoever asks for more is asked again in an hour. */
export const MAX_WAIT_MS = 3_600_000;

/** Milliseconds that an answer asks to wait, 0 when it does not say so in seconds. */
export function retryAfterOf(headers: Headers): number {
  const seconds = Number(headers.get('retry-after'));
  return seconds > 0 ? Math.min(seconds * 1000, MAX_WAIT_MS) : 0;
}

async function describe(answer: Response): Promise<string> {
  try {
    const { detail, code } = (await answer.json()) as { detail?: unknown; code?: unknown };
    const text = [detail, code].find((each) => typeof each === 'string');
    if (text !== undefined) return text as string;
  } catch {
    // Not JSON, so not the relay's own answer.
  }
  return `HTTP ${answer.status}`;
}

async function toEnding(answer: Response): Promise<Ending> {
  const { status, headers } = answer;
  const message = await describe(answer);
  if (status === 401) return { action: 'unauthorized', error: new RefusedError(message, status) };
  if (status === 400 || status === 403) return { action: 'fatal', error: new RefusedError(message, status) };
  return {
    action: RETRY.has(status) ? 'retry' : 'blocked',
    error: new ConnectionError(message),
    retryAfterMs: retryAfterOf(headers),
  };
}

/** A GET to the relay. Throws {@link Ended} unless the answer is a 200. */
export async function get(
  { url, token, signal }: Attempt,
  address: URL,
  headers: Record<string, string> = {},
  limit: AbortSignal = signal,
): Promise<Response> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  let answer: Response;
  try {
    answer = await fetch(address, {
      headers: { ...authorization, ...headers },
      signal: limit,
      cache: 'no-store',
    });
  } catch (cause) {
    const refusal = await findOriginRefusal(new URL('poll/origin', url), limit);
    if (refusal) throw new Ended({ action: 'fatal', error: refusal });
    throw new Ended({
      action: 'blocked',
      error: new ConnectionError(`no answer from ${address.host}`, { cause }),
    });
  }
  if (answer.status === 200) return answer;
  throw new Ended(await toEnding(answer));
}

/** The ending that a transport's failure stands for. What fails without saying why has broken on the way. */
export const endingOf = (error: unknown): Ending =>
  error instanceof Ended
    ? error.ending
    : { action: 'resume', error: new ConnectionError('the connection broke', { cause: error }) };
