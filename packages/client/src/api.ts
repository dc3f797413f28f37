import createFetchClient, { type Client } from 'openapi-fetch';
import { findOriginRefusal } from './origin-refusal.js';
import type { paths } from './schema.js';
import { readToken, type TokenSource } from './token.js';

export interface ApiOptions {
  /** Of the API. */
  readonly url: string | URL;
  /** Or a function, which is asked for one before each call. */
  readonly token?: TokenSource | undefined;
}

/** The REST API, typed by its OpenAPI document: `api.GET('/api/v1/drones/sn/{sn}', …)`. */
export type Api = Client<paths>;

export function createApi({ url, token }: ApiOptions): Api {
  const baseUrl = String(url).replace(/\/$/, '');
  const api = createFetchClient<paths>({ baseUrl });
  api.use({
    async onError({ request }) {
      return findOriginRefusal(new URL(`${baseUrl}/api/v1/origin`, request.url), request.signal);
    },
  });
  if (token !== undefined) {
    api.use({
      async onRequest({ request }) {
        request.headers.set('authorization', `Bearer ${await readToken(token)}`);
        return request;
      },
    });
  }
  return api;
}
