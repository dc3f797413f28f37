/** A flush that takes less than this share of the time is worth no wait. */
const LIGHT = 0.1;
/** Weight of the latest flush in the share that is remembered. */
const WEIGHT = 0.2;

/**
 * Joins what comes in short order into one flush: `lengthMs` after its first part, or at once while flushing is light
 * work.
 */
export function createWindow(lengthMs: number, flush: () => void) {
  let isOpen = false;
  let flushedAt = performance.now();
  let share = 0;

  function close(): void {
    isOpen = false;
    const start = performance.now();
    flush();
    const end = performance.now();
    share += WEIGHT * ((end - start) / (end - flushedAt) - share);
    flushedAt = end;
  }

  return {
    /** There is something to flush. */
    open(): void {
      if (isOpen) return;
      isOpen = true;
      if (share < LIGHT) setImmediate(close);
      else setTimeout(close, lengthMs);
    },
  };
}
