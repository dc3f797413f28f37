/** What is broken right now, and what was since one last looked. */
export function createDisturbances() {
  const active = new Map<string, number>();
  const total = new Map<string, number>();
  const change = (counts: Map<string, number>, part: string, by: number): void => {
    counts.set(part, (counts.get(part) ?? 0) + by);
  };

  return {
    /** Marks a part as broken while `run` lasts. */
    async during<T>(part: string, run: () => Promise<T>): Promise<T> {
      change(active, part, 1);
      change(total, part, 1);
      try {
        return await run();
      } finally {
        change(active, part, -1);
      }
    },
    isActive: (part: string): boolean => (active.get(part) ?? 0) > 0,
    /** How often the parts were broken so far. */
    count: (parts: readonly string[]): number => parts.reduce((sum, part) => sum + (total.get(part) ?? 0), 0),
  };
}

export type Disturbances = ReturnType<typeof createDisturbances>;
