/** Calls what the user gave; what it throws, or a promise of it rejects with, goes to `onError`. */
export function callListener<T>(
  listener: (value: T) => void,
  value: T,
  onError: (error: unknown) => void,
): void {
  try {
    const result: unknown = listener(value);
    if (result instanceof Promise) result.catch(onError);
  } catch (error) {
    onError(error);
  }
}

const print = (error: unknown): void => console.error('dronecast:', error);

/**
 * Typed listeners. What one of them throws is a `warning` and stops nobody else; a warning that nobody listens for is
 * printed.
 */
export function createListeners<Map extends { warning: Error }>() {
  const sets: { [N in keyof Map]?: Set<(value: Map[N]) => void> } = {};

  function emit<N extends keyof Map>(name: N, value: Map[N]): void {
    for (const listener of [...(sets[name] ?? [])])
      callListener(listener, value, name === 'warning' ? print : warn);
  }

  function warn(error: unknown): void {
    if (sets.warning?.size) emit('warning', error as Map['warning']);
    else print(error);
  }

  return {
    emit,
    /** Tells the user what went wrong, one way or the other. */
    warn,
    /** Whether anybody listens. */
    has: (name: keyof Map): boolean => Boolean(sets[name]?.size),

    /** Returns what takes the listener off again. */
    on<N extends keyof Map>(name: N, listener: (value: Map[N]) => void): () => void {
      const set = sets[name] ?? new Set();
      sets[name] = set.add(listener);
      return () => void set.delete(listener);
    },
  };
}
