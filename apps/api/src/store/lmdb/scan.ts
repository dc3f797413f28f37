import { setImmediate as othersTurn } from 'node:timers/promises';

/** Milliseconds that a scan may keep the event loop to itself. */
const SLICE_MS = 5;

export interface Scan<E, K> {
  /** The entries after a key; all of them after undefined. */
  readonly read: (after: K | undefined) => Iterable<E>;
  readonly keyOf: (entry: E) => K;
  /** False ends the scan. */
  readonly visit: (entry: E) => boolean;
  /** The scan stops when nobody waits for it any more. */
  readonly signal?: AbortSignal | undefined;
}

/** Goes through a range however long it is, since every few milliseconds others get their turn. */
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
