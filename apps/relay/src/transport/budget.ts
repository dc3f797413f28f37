/** A client that bytes wait for. */
export interface Reader {
  /** Bytes that wait for it now. */
  waitingBytes(): number;
  /** Destroys its connection, which frees them. */
  cutOff(): void;
}

/**
 * Bounds the bytes that wait for all readers together by cutting off those with the most. The known sum grows with every
 * write and ignores what is read, so the true sum is never larger. Only when the known sum exceeds `maxBytes` are all
 * readers counted, and readers are cut off until an eighth of the budget is free: so a count is paid for by at least that
 * many bytes of writes, and the true sum exceeds `maxBytes` by one write at most.
 */
export function createBudget(maxBytes: number) {
  const targetBytes = maxBytes - maxBytes / 8;
  const readers = new Set<Reader>();
  /** Bytes that waited when all readers were last counted, and bytes written since. */
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
    /** Call after a write that leaves bytes waiting. May cut off readers, this one included. */
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
