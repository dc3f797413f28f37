import { connect, RefusedError, type Status } from '@dronecast/client';
import { signal } from '@preact/signals';
import { hearBroadcast, readBroadcasts } from './broadcasts.js';
import { config } from './config.js';
import { hearOfFleet, readFleet } from './fleet.js';
import { keep } from './history.js';
import { hearOfIncident, readIncidents } from './incidents.js';
import { measure } from './latency.js';
import { watchPulse } from './pulse.js';
import { signOut, tokenOption } from './session.js';

/** HTTP status and close code that only another token helps with. */
const SIGNED_OUT: readonly number[] = [401, 4401];

export const relayUrl = config.relayUrl ?? location.origin;

export const connection = signal<Status>({ state: 'connecting', transport: 'ws' });
/**
 * While no event can come: when the relay was last heard, in milliseconds since 1970, or when the page was opened.
 * Undefined while events come.
 */
export const awaySince = signal<number | undefined>(Date.now());
/** Events of the time away that came after the connection was resumed. */
export const replayed = signal(0);

let resumedAt = 0;

function follow(status: Status, heardAt: number | undefined): void {
  const before = connection.value;
  connection.value = status;
  if (status.state === 'live') {
    if (before.state === 'resuming') {
      resumedAt = Date.now();
      replayed.value = 0;
    }
    awaySince.value = undefined;
  } else awaySince.value ??= heardAt ?? Date.now();
  if (status.state !== 'closed' || !status.error) return;
  const { error } = status;
  if (error instanceof RefusedError && SIGNED_OUT.includes(error.code)) signOut(error.message);
  // Who may not follow events may still read.
  else void readFleet();
}

/** Follows everything that the caller may see, for as long as the page is open. */
export function start(): void {
  const client = connect({ url: relayUrl, api: location.origin, ...tokenOption() });
  let hasBeenLive = false;
  client.on('status', (status) => {
    follow(status, client.lastFrameAt);
    if (status.state !== 'live' || hasBeenLive) return;
    hasBeenLive = true;
    void readFleet();
    void readIncidents();
    void readBroadcasts();
  });
  client.on('event', (event) => {
    const isReplayed = Date.parse(event.timestamp) < resumedAt;
    if (isReplayed) replayed.value += 1;
    measure(event, isReplayed);
    hearOfFleet(event);
    hearOfIncident(event);
    hearBroadcast(event);
    keep(event);
  });
  client.on('foreign', keep);
  client.on('gap', (gap) => {
    keep(gap);
    void readFleet();
    void readIncidents();
    void readBroadcasts();
  });
  watchPulse(client);
}
