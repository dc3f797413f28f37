/** Somebody for whom bytes wait. */
export interface Reader {
  /** Bytes that wait for it now. */
  waitingBytes(): number;
  /** Ends it and frees them. */
  cutOff(): void;
}

/**
 * Bounds the bytes that wait for all readers together: those with the most are cut off first. All of them are counted
 * only when an eighth of the budget, or more, was written since the last time; what was read since is not known until
 * then, so the true number is never above the known one, and never above `maxBytes` by more than one write.
 */
export function createBudget(maxBytes: number) {
  const targetBytes = maxBytes - maxBytes / 8;
  const readers = new Set<Reader>();
  /** What waited for all of them when they were last counted, and what was written since. */
  let counted = 0;
  let added = 0;

  function count(): void {
    counted = 0;
    added = 0;
    for (const reader of readers) {
      const bytes = reader.waitingBytes();
      if (bytes > 0) counted += bytes;
      else readers.delete(reader);
    }
  }

  function shrink(): void {
    const slowestFirst = Array.from(readers, (reader) => ({ reader, bytes: reader.waitingBytes() })).sort(
      (one, other) => other.bytes - one.bytes,
    );
    for (const { reader, bytes } of slowestFirst) {
      if (counted <= targetBytes) return;
      readers.delete(reader);
      counted -= bytes;
      reader.cutOff();
    }
  }

  return {
    /** Bytes were written for a reader who has not taken all that was written. May cut off readers, this one too. */
    add(reader: Reader, bytes: number): void {
      readers.add(reader);
      added += bytes;
      if (counted + added <= maxBytes) return;
      count();
      if (counted > targetBytes) shrink();
    },

    /** Nothing waits for the reader any more. */
    delete: (reader: Reader): boolean => readers.delete(reader),

    /** What waits for all readers now. */
    waitingBytes(): number {
      count();
      return counted;
    },
  };
}

export type Budget = ReturnType<typeof createBudget>;
