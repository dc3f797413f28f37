/** Runs tasks side by side, those of one lane in order; no more than `limit` are under way or in line. */
export function createLanes(limit: number) {
  const ends = new Map<string, Promise<void>>();
  let size = 0;
  let onLeave = (): void => {};

  async function shrinkTo(most: number): Promise<void> {
    while (size > most) {
      await new Promise<void>((resolve) => {
        onLeave = resolve;
      });
    }
  }

  async function enter(before: Promise<void> | undefined, task: () => Promise<void>): Promise<void> {
    await before;
    await task();
    size -= 1;
    onLeave();
  }

  return {
    /** Waits until one more may be added. For one caller at a time, and so is `idle`. */
    room: () => shrinkTo(limit - 1),
    idle: () => shrinkTo(0),
    /** `task` must not reject. */
    add(lane: string, task: () => Promise<void>): void {
      size += 1;
      ends.set(lane, enter(ends.get(lane), task));
    },
  };
}
