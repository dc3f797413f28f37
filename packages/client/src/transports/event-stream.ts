import { ConnectionError } from '../errors.js';
import type { Attempt, Ending, Transport } from '../transport.js';
import { addressOf, Ended, endingOf, get } from './http.js';
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
      if (data !== undefined) attempt.receive(JSON.parse(data));
      else if (id) attempt.receive({ type: 'relay', event: 'relay.heartbeat', data: { cursor: id } });
    },
    retry(ms) {
      retryAfterMs = ms;
    },
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let part = await reader.read(); !part.done && !signal.aborted; part = await reader.read()) {
      attempt.alive();
      parse(part.value);
    }
  } catch (cause) {
    return {
      action: 'resume',
      error: new ConnectionError('the event stream broke', { cause }),
      retryAfterMs,
    };
  }
  return { action: 'resume', error: new ConnectionError('the event stream ended'), retryAfterMs };
}

/** Events by fetch, since an EventSource can't carry a token, nor say why it was refused. */
export const eventStream: Transport = (attempt) => ({ ended: read(attempt).catch(endingOf) });
