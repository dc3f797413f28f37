/**
 * Joins what comes in short order into one flush: at once when there was none for a while, else `lengthMs` after the
 * last one.
 */
export function createWindow(lengthMs: number, flush: () => void) {
  let isOpen = false;
  let flushedAt = Number.NEGATIVE_INFINITY;

  function close(): void {
    isOpen = false;
    flushedAt = performance.now();
    flush();
  }

  return {
    /** There is something to flush. */
    open(): void {
      if (isOpen) return;
      isOpen = true;
      const wait = flushedAt + lengthMs - performance.now();
      if (wait > 0) setTimeout(close, wait);
      else setImmediate(close);
    },
  };
}
