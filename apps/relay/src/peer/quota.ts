/** Counts what each key has, up to a limit; 0 is no limit. */
export function createQuota(limit: number) {
  const counts = new Map<string, number>();

  return {
    isFull: (key: string): boolean => limit > 0 && (counts.get(key) ?? 0) >= limit,
    take: (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1),
    release(key: string): void {
      const count = (counts.get(key) ?? 0) - 1;
      if (count > 0) counts.set(key, count);
      else counts.delete(key);
    },
  };
}
