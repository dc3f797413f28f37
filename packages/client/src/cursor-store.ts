/** Keeps a client's place, so that it goes on where it was after a restart. One store per client. */
export interface CursorStore {
  load(): string | undefined | Promise<string | undefined>;
  /** Called after the events up to this place have been read. */
  save(cursor: string): void | Promise<void>;
}

/** In the browser's localStorage. */
export const localStorageCursor = (key: string): CursorStore => ({
  load: () => localStorage.getItem(key) ?? undefined,
  save: (cursor) => localStorage.setItem(key, cursor),
});
