import type { TransportName } from './transport.js';

/**
 * Why a client is offline. `unauthorized`: the relay refused the token, and the function is asked for another; `no_token`:
 * that function failed, or took too long; `unavailable`: the relay, or what is before it, asks to come later;
 * `unreachable`: no transport got through; `ended`: the connection ended or fell silent; `unreadable`: what came was no
 * frame; `failed`: something that should not happen, which `error` tells.
 */
export type OfflineReason =
  | 'unauthorized'
  | 'no_token'
  | 'unavailable'
  | 'unreachable'
  | 'ended'
  | 'unreadable'
  | 'failed';

/**
 * How the connection stands. `connecting`, or `resuming` with a cursor; `live`: events come; `offline`: it waits and
 * tries again; `closed`: over, by `close()` or, with an error, because the relay will not have the client.
 */
export type Status =
  | { readonly state: 'connecting' | 'resuming' | 'live'; readonly transport: TransportName }
  | {
      readonly state: 'offline';
      readonly reason: OfflineReason;
      readonly error: Error;
      readonly retryInMs: number;
    }
  | { readonly state: 'closed'; readonly error?: Error };
