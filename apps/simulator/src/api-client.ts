import { randomUUID } from 'node:crypto';
import { Pool } from 'undici';
import type { Operation } from './scenario.js';

/** One operation as the API takes it. Sent again unchanged, it is still carried out once. */
export interface ApiRequest {
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ApiAnswer {
  readonly status: number;
  /** Undefined when the API asks for no certain wait. */
  readonly retryAfterMs: number | undefined;
}

export type ApiClient = ReturnType<typeof createApiClient>;

/** Milliseconds without an answer after which the API counts as away. */
const TIMEOUT_MS = 10_000;

export function createApiClient(url: URL, connections: number, token?: string) {
  const timeouts = { connectTimeout: TIMEOUT_MS, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS };
  const pool = new Pool(url.origin, { connections, ...timeouts });
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };

  return {
    /** Rejects when no answer comes. */
    async send(request: ApiRequest): Promise<ApiAnswer> {
      const all = { ...request, headers: { ...request.headers, ...authorization } };
      const { statusCode, headers, body } = await pool.request(all);
      await body.dump();
      const seconds = Number(headers['retry-after']);
      return { status: statusCode, retryAfterMs: Number.isNaN(seconds) ? undefined : seconds * 1000 };
    },
    close: () => pool.close(),
  };
}

/** Stamps what makes it this one request: an incident's time, and the key that the retries of a POST share. */
export function toRequest({ kind, serialNumber, body }: Operation): ApiRequest {
  const type = { 'content-type': 'application/json' };
  const headers = kind === 'patch' ? type : { ...type, 'idempotency-key': randomUUID() };
  const drone = `/api/v1/drones/sn/${encodeURIComponent(serialNumber)}`;
  switch (kind) {
    case 'register':
      return { method: 'POST', path: '/api/v1/drones/register', headers, body: JSON.stringify(body) };
    case 'patch':
      return { method: 'PATCH', path: drone, headers, body: JSON.stringify(body) };
    case 'incident':
      return {
        method: 'POST',
        path: `${drone}/incidents`,
        headers,
        body: JSON.stringify({ ...body, capturedAt: new Date().toISOString() }),
      };
  }
}
