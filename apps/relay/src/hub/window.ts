/** Milliseconds over which it is judged how much of the time flushing takes. */
const MEMORY_MS = 500;
/** Flushing that takes more than this share of the time is worth a wait that may be for nothing. */
const HEAVY = 0.1;

/**
 * Joins what comes in short order into one flush: at once when the last one is longer ago than `lengthMs`, else when it
 * is; and where flushing is heavy work, always `lengthMs` after its first part.
 * `flushed` is told how many milliseconds the first part had to wait, flushing included.
 */
export function createWindow(lengthMs: number, flush: () => void, flushed: (waitedMs: number) => void) {
  let isOpen = false;
  let openedAt = 0;
  /** Milliseconds that flushes have taken; the older, the less they count. */
  let busyMs = 0;
  let flushedAt = performance.now() - lengthMs;

  function close(): void {
    isOpen = false;
    const start = performance.now();
    flush();
    const end = performance.now();
    busyMs = busyMs * Math.exp((flushedAt - end) / MEMORY_MS) + (end - start);
    flushedAt = end;
    flushed(end - openedAt);
  }

  return {
    /** There is something to flush. */
    open(): void {
      if (isOpen) return;
      isOpen = true;
      openedAt = performance.now();
      const isHeavy = busyMs > HEAVY * MEMORY_MS;
      const wait = isHeavy ? lengthMs : flushedAt + lengthMs - openedAt;
      if (wait > 0) setTimeout(close, wait);
      else setImmediate(close);
    },
  };
}
