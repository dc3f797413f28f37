import type { TransportName } from './transport.js';

/**
 * How the connection stands. `connecting`, or `resuming` with a cursor; `live`: events come; `offline`: it waits and
 * tries again; `closed`: over, by `close()` or, with an error, because the relay will not have the client.
 */
export type Status =
  | { readonly state: 'connecting' | 'resuming' | 'live'; readonly transport: TransportName }
  | { readonly state: 'offline'; readonly error: Error; readonly retryInMs: number }
  | { readonly state: 'closed'; readonly error?: Error };
