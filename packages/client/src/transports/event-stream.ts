import { ConnectionError } from '../errors.js';
import type { Attempt, Ending, Transport } from '../transport.js';
import { addressOf, Ended, endingOf, get, MAX_WAIT_MS } from './http.js';
import { createSseParser } from './sse-parser.js';

async function read(attempt: Attempt): Promise<Ending> {
  const { since, signal } = attempt;
  const answer = await get(attempt, addressOf(attempt, 'sse/events'), {
    accept: 'text/event-stream',
    ...(since !== undefined && { 'last-event-id': since }),
  });
  if (!answer.body || !answer.headers.get('content-type')?.startsWith('text/event-stream')) {
    throw new Ended({
      action: 'blocked',
      error: new ConnectionError('what answers there is no event stream'),
    });
  }
  let retryAfterMs: number | undefined;
  const parse = createSseParser({
    message({ id, data }) {
      if (data !== undefined) attempt.receiveText(data);
      else if (id) attempt.receive({ type: 'relay', event: 'relay.heartbeat', data: { cursor: id } });
    },
    retry(ms) {
      retryAfterMs = Math.min(ms, MAX_WAIT_MS);
    },
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  const ended = (action: 'resume' | 'unreadable', message: string, cause?: unknown): Ending => ({
    action,
    error: new ConnectionError(message, { cause }),
    retryAfterMs,
  });
  for (;;) {
    let part: ReadableStreamReadResult<string>;
    try {
      part = await reader.read();
    } catch (cause) {
      return ended('resume', 'the event stream broke', cause);
    }
    if (part.done || signal.aborted) return ended('resume', 'the event stream ended');
    attempt.alive();
    try {
      parse(part.value);
    } catch (cause) {
      return ended('unreadable', 'the event stream cannot be read', cause);
    }
  }
}

/** Events by fetch, since an EventSource can't carry a token, nor say why it was refused. */
export const eventStream: Transport = (attempt) => ({ ended: read(attempt).catch(endingOf) });
