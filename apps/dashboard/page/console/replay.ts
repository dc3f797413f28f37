import { type Client, connect, type Item } from '@dronecast/client';
import { signal } from '@preact/signals';
import { relayUrl } from '../state/live.js';
import { tokenOption } from '../state/session.js';

const MOST = 2000;

/** What a second connection has brought that goes on from a place of the past; undefined when there is none. */
export const replay = signal<{ readonly since: string; readonly items: readonly Item[] }>();
let client: Client | undefined;

export function endReplay(): void {
  void client?.close();
  client = undefined;
  replay.value = undefined;
}

/** Reads again from the event of an id on, beside the page's own connection. */
export function resumeFrom(since: string): void {
  endReplay();
  replay.value = { since, items: [] };
  client = connect({
    url: relayUrl,
    ...tokenOption(),
    cursor: { load: async () => since, save: async () => {} },
  });
  const add = (item: Item): void => {
    replay.value = { since, items: [item, ...(replay.value?.items ?? [])].slice(0, MOST) };
  };
  client.on('event', add);
  client.on('foreign', add);
  client.on('gap', add);
}
