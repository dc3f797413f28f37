import { pause } from '../backoff.js';
import { createDeadline } from '../deadline.js';
import { ConnectionError } from '../errors.js';
import type { Attempt, Ending, Transport } from '../transport.js';
import { addressOf, Ended, endingOf, get } from './http.js';

/** Seconds that an answer may wait for events. */
const WAIT_SECONDS = 25;
/** Milliseconds beyond that after which an answer counts as lost. */
const GRACE_MS = 10_000;
const LIMIT = 1000;
/** Milliseconds between two requests when the relay, or what is before it, does not wait. */
const PAUSE_MS = 1000;

interface Answer {
  readonly events: readonly unknown[];
  readonly cursor: string;
}

/** Throws Ended for what is no answer to a poll. */
async function readAnswer(answer: Response): Promise<Answer> {
  if (!answer.headers.get('content-type')?.startsWith('application/json')) {
    throw new Ended({ action: 'blocked', error: new ConnectionError('what answers there is no relay') });
  }
  const text = await answer.text();
  try {
    const { events, cursor } = JSON.parse(text);
    if (Array.isArray(events) && typeof cursor === 'string') return { events, cursor };
    throw new TypeError('events and cursor are missing');
  } catch (cause) {
    const error = new ConnectionError('the answer to a poll cannot be read', { cause });
    throw new Ended({ action: 'unreadable', error });
  }
}

/** One request and its answer. */
async function ask(attempt: Attempt, wait: number, since: string | undefined): Promise<Answer> {
  const query = { wait: `${wait}`, limit: `${LIMIT}`, ...(since !== undefined && { since }) };
  const deadline = createDeadline(attempt.signal, wait * 1000 + GRACE_MS);
  try {
    return await readAnswer(
      await get(attempt, addressOf(attempt, 'poll/events', query), {}, deadline.signal),
    );
  } finally {
    deadline.clear();
  }
}

async function poll(attempt: Attempt): Promise<Ending> {
  const { signal } = attempt;
  let { since } = attempt;
  /** The first one is answered at once, so that the client knows that it is connected. */
  for (let wait = 0; ; wait = WAIT_SECONDS) {
    const start = performance.now();
    const { events, cursor } = await ask(attempt, wait, since);
    for (const frame of events) attempt.receive(frame);
    if (signal.aborted) return endingOf(signal.reason);
    since = cursor;
    attempt.receive({ type: 'relay', event: 'relay.heartbeat', data: { cursor } });
    const isRushed = events.length === 0 && wait > 0 && performance.now() - start < PAUSE_MS;
    if (isRushed) await pause(PAUSE_MS, signal);
  }
}

/** Events by one request after the other. */
export const longPoll: Transport = (attempt) => ({ ended: poll(attempt).catch(endingOf) });
