/** The time that one request may take. */
export interface Deadline {
  /** Aborts with the parent, or when the time is over. */
  readonly signal: AbortSignal;
  /** The request is over: stops the timer and forgets the parent. */
  clear(): void;
}

/**
 * A timer and a controller of its own, because Node 20 may collect the signal of `AbortSignal.timeout()` when only
 * `AbortSignal.any()` refers to it. Then it never aborts, and a request without an answer waits for ever.
 */
export function createDeadline(parent: AbortSignal, ms: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(
    () => controller.abort(new DOMException(`no answer within ${ms} ms`, 'TimeoutError')),
    ms,
  );
  function clear(): void {
    clearTimeout(timer);
    parent.removeEventListener('abort', onAbort);
  }
  function onAbort(): void {
    clear();
    controller.abort(parent.reason);
  }
  parent.addEventListener('abort', onAbort);
  if (parent.aborted) onAbort();
  return { signal: controller.signal, clear };
}
