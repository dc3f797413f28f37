import { type Client, connect, type Item } from '@dronecast/client';
import { signal } from '@preact/signals';
import type { Heard } from '../state/history.js';
import { relayUrl } from '../state/live.js';
import { tokenOption } from '../state/session.js';

const MOST = 2000;

/** The frames of a second connection that resumed from an older cursor, newest first. Undefined without a replay. */
export const replay = signal<{ readonly since: string; readonly frames: readonly Heard[] }>();
let client: Client | undefined;

export function endReplay(): void {
  void client?.close();
  client = undefined;
  replay.value = undefined;
}

/** Reads again from the event of an id on, beside the page's own connection. */
export function replayFrom(since: string): void {
  endReplay();
  let count = 0;
  replay.value = { since, frames: [] };
  client = connect({
    url: relayUrl,
    ...tokenOption(),
    cursor: { load: async () => since, save: async () => {} },
  });
  const add = (item: Item): void => {
    count += 1;
    const frame = { number: count, at: Date.now(), item };
    replay.value = { since, frames: [frame, ...(replay.value?.frames ?? [])].slice(0, MOST) };
  };
  client.on('event', add);
  client.on('foreign', add);
  client.on('gap', add);
}
