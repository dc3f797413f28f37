import { readBroadcasts } from './broadcasts.js';
import { readAt, readFleet } from './fleet.js';
import { isStale } from './staleness.js';

const REFRESH_MS = 10_000;

/** Reads the fleet by REST every now and then while no events come: the API may answer when the relay does not. */
export function startRefreshing(): void {
  let staleSince: number | undefined;
  setInterval(() => {
    staleSince = isStale.value ? (staleSince ?? Date.now()) : undefined;
    const isDue = staleSince !== undefined && Date.now() - Math.max(staleSince, readAt.value) > REFRESH_MS;
    if (!isDue) return;
    void readFleet();
    void readBroadcasts();
  }, 1000);
}
