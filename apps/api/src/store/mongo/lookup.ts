import DataLoader from 'dataloader';

/** Most keys of one query, because documents may be large. */
const MAX_KEYS = 64;

/**
 * Finds by key, one question to the database at a time: those who ask meanwhile share the next one, so that a busy
 * moment costs few round trips. An answer is never older than its question.
 */
export function createLookup<T>(find: (keys: ReadonlySet<string>) => Promise<ReadonlyMap<string, T>>) {
  let asking: Promise<unknown> = Promise.resolve();

  const loader = new DataLoader<string, T | undefined>(
    async (keys) => {
      const found = find(new Set(keys));
      asking = found.catch(() => {});
      const values = await found;
      return keys.map((key) => values.get(key));
    },
    { cache: false, maxBatchSize: MAX_KEYS, batchScheduleFn: (ask) => void asking.then(ask) },
  );
  return (key: string): Promise<T | undefined> => loader.load(key);
}
