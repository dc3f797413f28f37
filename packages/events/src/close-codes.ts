/**
 * What a client does when the relay closes its socket:
 * `resume`: reconnect with the last cursor; `retry`: reconnect later, with back-off; `fatal`: do not reconnect
 * before what the client does has changed.
 */
export type CloseAction = 'resume' | 'retry' | 'fatal';

/** Every code that a relay closes a WebSocket with (RFC 6455 section 7.4 below 4000, ours from 4000). */
export const CloseCode = {
  PROTOCOL_ERROR: 1002,
  BINARY_FRAME: 1003,
  INVALID_UTF8: 1007,
  FRAME_TOO_BIG: 1009,
  INTERNAL_ERROR: 1011,
  RESTARTING: 1012,
  TRY_AGAIN: 1013,
  ABUSE: 4400,
  TOKEN_EXPIRED: 4401,
  SLOW_CONSUMER: 4408,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

export const CLOSE_CODES: Readonly<Record<CloseCode, { action: CloseAction; meaning: string }>> = {
  [CloseCode.PROTOCOL_ERROR]: { action: 'fatal', meaning: 'a frame broke RFC 6455' },
  [CloseCode.BINARY_FRAME]: { action: 'fatal', meaning: 'binary frames are not accepted' },
  [CloseCode.INVALID_UTF8]: { action: 'fatal', meaning: 'a text frame was not UTF-8' },
  [CloseCode.FRAME_TOO_BIG]: { action: 'fatal', meaning: 'a frame exceeded the limit' },
  [CloseCode.INTERNAL_ERROR]: { action: 'retry', meaning: 'the relay failed' },
  [CloseCode.RESTARTING]: { action: 'resume', meaning: 'the relay is restarting' },
  [CloseCode.TRY_AGAIN]: { action: 'resume', meaning: 'the history is out of reach for now' },
  [CloseCode.ABUSE]: { action: 'fatal', meaning: 'too many frames, or too many invalid ones' },
  [CloseCode.TOKEN_EXPIRED]: { action: 'resume', meaning: 'the token has expired: come back with another' },
  [CloseCode.SLOW_CONSUMER]: { action: 'resume', meaning: 'the client reads more slowly than events arrive' },
};
