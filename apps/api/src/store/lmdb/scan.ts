import { setImmediate as othersTurn } from 'node:timers/promises';

/** Milliseconds that a scan may keep the event loop to itself. */
const SLICE_MS = 5;

export interface Scan<E, K> {
  /** Returns the entries after a key, or all entries for undefined. */
  readonly read: (after: K | undefined) => Iterable<E>;
  readonly keyOf: (entry: E) => K;
  /** False ends the scan. */
  readonly visit: (entry: E) => boolean;
  /** Aborting it stops the scan. */
  readonly signal?: AbortSignal | undefined;
}

/** Scans a range of any length. It yields to the event loop every {@link SLICE_MS}. */
export async function scan<E, K>({ read, keyOf, visit, signal }: Scan<E, K>): Promise<void> {
  let after: K | undefined;
  for (let isOver = false; !isOver; ) {
    signal?.throwIfAborted();
    isOver = true;
    const end = performance.now() + SLICE_MS;
    for (const entry of read(after)) {
      if (!visit(entry)) return;
      if (performance.now() < end) continue;
      after = keyOf(entry);
      isOver = false;
      break;
    }
    if (!isOver) await othersTurn();
  }
}
