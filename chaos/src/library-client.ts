import { connect, type TransportName } from '@dronecast/client';
import { type DronecastEvent, parseCursor } from '@dronecast/events';
import type { ClientLog, LogItem } from './client-log.js';
import type { Sightings } from './sighting.js';

/** A client whose log is judged like that of a {@link import('./verifying-client.js').VerifyingClient}. */
export interface Witness {
  /** Resolves when the first connection stands. */
  start(): Promise<void>;
  cursor(): string | undefined;
  log(): ClientLog;
  close(): void;
}

/** What a library tells its user of: nothing of places in between. */
export type Told =
  | DronecastEvent
  | { readonly type: 'relay'; readonly data: { readonly cursor: string; readonly reason: string } };

/** The log of somebody who follows everything through a library. */
export function createDiary(name: string, group: string, sightings: Sightings) {
  const items: LogItem[] = [];
  let cursor: string | undefined;
  let connections = 0;
  return {
    connected(): void {
      connections += 1;
    },
    cursor: () => cursor,
    log: (): ClientLog => ({ name, group, wish: {}, items, reconnects: connections - 1 }),
    note(told: Told): void {
      if (told.type !== 'relay') {
        items.push({ type: 'event', sighting: sightings.note(told) });
        cursor = told.id;
        return;
      }
      cursor = told.data.cursor;
      const place = parseCursor(cursor);
      if (!place) throw new Error(`'${cursor}' is no cursor`);
      items.push({ type: 'gap', place, at: Date.now(), reason: told.data.reason });
    },
  };
}

export interface LibraryClientOptions {
  readonly name: string;
  /** Base URL of a relay. */
  readonly url: string;
  readonly transport: TransportName;
  readonly sightings: Sightings;
}

/** `@dronecast/client` as a user has it. */
export function createLibraryClient({ name, url, transport, sightings }: LibraryClientOptions): Witness {
  const diary = createDiary(name, `@dronecast/client, ${transport}`, sightings);
  let client: ReturnType<typeof connect> | undefined;
  return {
    ...diary,
    start: () =>
      new Promise((resolve, reject) => {
        const current = connect({ url, transport });
        client = current;
        current.on('status', ({ state }) => {
          if (state !== 'live') return;
          diary.connected();
          resolve();
        });
        current.on('event', diary.note);
        current.on('gap', diary.note);
        current.closed.then((error) => error && reject(error));
      }),
    close: () => void client?.close(),
  };
}
