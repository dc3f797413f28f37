/** Typed listeners. One that throws is reported as uncaught and stops nobody else. */
export function createListeners<Map extends object>() {
  const sets: { [N in keyof Map]?: Set<(value: Map[N]) => void> } = {};

  return {
    /** Returns what takes the listener off again. */
    on<N extends keyof Map>(name: N, listener: (value: Map[N]) => void): () => void {
      const set = sets[name] ?? new Set();
      sets[name] = set.add(listener);
      return () => void set.delete(listener);
    },

    emit<N extends keyof Map>(name: N, value: Map[N]): void {
      for (const listener of [...(sets[name] ?? [])]) {
        try {
          listener(value);
        } catch (error) {
          queueMicrotask(() => {
            throw error;
          });
        }
      }
    },
  };
}
