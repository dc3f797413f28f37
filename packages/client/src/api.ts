import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.js';

export interface ApiOptions {
  /** Of the API. */
  readonly url: string | URL;
  /** Asked for a token before each call. */
  readonly token?: (() => Promise<string>) | undefined;
}

/** The REST API, typed by its OpenAPI document: `api.GET('/api/v1/drones/sn/{sn}', …)`. */
export type Api = Client<paths>;

export function createApi({ url, token }: ApiOptions): Api {
  const api = createFetchClient<paths>({ baseUrl: String(url).replace(/\/$/, '') });
  if (token) {
    api.use({
      async onRequest({ request }) {
        request.headers.set('authorization', `Bearer ${await token()}`);
        return request;
      },
    });
  }
  return api;
}
