import type { Client } from '@dronecast/client';
import { signal } from '@preact/signals';

const PING_EVERY_MS = 3000;
const MAX_ANSWER_MS = 5000;
/** Of a relay that has not told it. */
const HEARTBEAT_MS = 25_000;
/** Part of a heartbeat that may pass beyond it. */
const HEARTBEATS = 1.5;
/** That a poll may take: it waits for 25 seconds, and its answer for 10 more. */
const POLL_MS = 35_000;

/** When the relay was last heard, in milliseconds since 1970; undefined before the first frame. */
export const heardAt = signal<number>();
/** Whether a live connection has been silent for longer than it should, so that it may be broken. */
export const isLate = signal(false);

/** Asks a client for signs of life while somebody can see the page, for as long as the page is open. */
export function watchPulse(client: Client): void {
  /** When the first of the pings was sent that have no answer. */
  let unansweredSince: number | undefined;

  function isOverdue(): boolean {
    const { status } = client;
    if (status.state !== 'live' || heardAt.value === undefined) return false;
    const limitMs = status.transport === 'poll' ? POLL_MS : HEARTBEATS * (client.heartbeatMs ?? HEARTBEAT_MS);
    const isUnanswered = unansweredSince !== undefined && Date.now() - unansweredSince >= MAX_ANSWER_MS;
    return isUnanswered || Date.now() - heardAt.value > limitMs;
  }

  function judge(): void {
    heardAt.value = client.lastFrameAt;
    isLate.value = isOverdue();
  }

  async function ping(): Promise<void> {
    if (document.hidden || client.status.state !== 'live') return;
    unansweredSince ??= Date.now();
    try {
      await client.ping();
      unansweredSince = undefined;
    } catch {
      // Without an answer in time, `unansweredSince` stays until one comes or the connection ends.
    }
    judge();
  }

  client.on('status', ({ state }) => {
    if (state !== 'live') unansweredSince = undefined;
    judge();
  });
  setInterval(judge, 1000);
  setInterval(() => void ping(), PING_EVERY_MS);
  // The browser knows of a change of the network, but not whether the relay is still reached.
  for (const name of ['online', 'offline']) addEventListener(name, () => void ping());
  document.addEventListener('visibilitychange', () => void ping());
}
