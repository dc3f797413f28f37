import { createApi } from '@dronecast/client';
import { signal } from '@preact/signals';
import { config } from './config.js';
import { signOut, token } from './session.js';

const getToken = config.isTokenNeeded ? async (): Promise<string> => token.value ?? '' : undefined;

/** The REST API at the page's own origin. */
export const api = createApi({ url: location.origin, token: getToken });

/** Until when the API takes no more requests, in milliseconds since 1970. */
export const limitedUntil = signal(0);

const DEFAULT_RETRY_S = 5;

/** Notes that the API takes no more requests for so many seconds. */
export function limitFor(seconds = DEFAULT_RETRY_S): void {
  limitedUntil.value = Date.now() + 1000 * seconds;
}

/** What the API, or the network, says against a request. */
export class RequestError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 when there was no answer. */
    readonly status: number,
    readonly fields: readonly { readonly pointer: string; readonly message: string }[] = [],
  ) {
    super(message);
  }
}

interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

function toError(problem: unknown, response: Response): RequestError {
  const { detail, title, errors } = (problem ?? {}) as {
    detail?: string;
    title?: string;
    errors?: RequestError['fields'];
  };
  const { status } = response;
  if (status === 401) signOut(detail ?? 'The token was refused.');
  if (status === 429) limitFor(Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_S));
  return new RequestError(detail ?? title ?? `The API answered ${status}.`, status, errors);
}

/** The body of an answer. Throws RequestError on any other than a success. */
export async function ask<T>(request: Promise<Answered<T>>): Promise<T> {
  let answer: Answered<T>;
  try {
    answer = await request;
  } catch (cause) {
    throw Object.assign(new RequestError('The API cannot be reached.', 0), { cause });
  }
  if (!answer.response.ok) throw toError(answer.error, answer.response);
  return answer.data as T;
}

export const toRequestError = (error: unknown): RequestError =>
  error instanceof RequestError ? error : new RequestError(String(error), 0);
