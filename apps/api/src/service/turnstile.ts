/** Lets tasks of one key through one at a time, in order of arrival, so that they do not race for the same drone. */
export function createTurnstile() {
  const last = new Map<string, Promise<unknown>>();

  return async function pass<T>(key: string, task: () => Promise<T>): Promise<T> {
    const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
    last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (last.get(key) === turn) last.delete(key);
    }
  };
}
