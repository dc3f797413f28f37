interface Entry<T> {
  readonly item: T;
  /** Called when the reader is done with it. */
  readonly done: () => void;
}

/** A queue that one `for await` reads. An item counts as done when the next one is asked for. */
export function createReader<T>(onLeave: (unread: number) => void) {
  const entries: Entry<T>[] = [];
  const waiting: { resolve(result: IteratorResult<T>): void; reject(error: Error): void }[] = [];
  let taken: Entry<T> | undefined;
  let over: { readonly error: Error | undefined } | undefined;

  function serve(): void {
    while (waiting.length > 0 && (entries.length > 0 || over)) {
      const reader = waiting.shift();
      const entry = entries.shift();
      if (entry) {
        finish();
        taken = entry;
        reader?.resolve({ done: false, value: entry.item });
      } else if (over?.error) reader?.reject(over.error);
      else reader?.resolve({ done: true, value: undefined });
    }
  }

  function finish(): void {
    taken?.done();
    taken = undefined;
  }

  const iterator: AsyncIterableIterator<T> = {
    next() {
      finish();
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        serve();
      });
    },
    async return() {
      finish();
      over = { error: undefined };
      onLeave(entries.splice(0).length);
      serve();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return iterator;
    },
  };

  return {
    iterator,
    length: (): number => entries.length,
    push(item: T, done: () => void): void {
      entries.push({ item, done });
      serve();
    },
    /** What is queued can still be read. */
    end(error: Error | undefined): void {
      over = { error };
      serve();
    },
  };
}

export type Reader<T> = ReturnType<typeof createReader<T>>;
