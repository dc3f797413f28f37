interface Entry<T> {
  readonly item: T;
  /** Called when the reader is done with it. */
  readonly done: () => void;
}

/** A queue that one `for await` reads. An item counts as done when the next one is asked for. */
export function createReader<T>(onLeave: (unread: number) => void) {
  const entries: Entry<T>[] = [];
  let waiting: { resolve(result: IteratorResult<T>): void; reject(error: Error): void } | undefined;
  let taken: Entry<T> | undefined;
  let over: { readonly error: Error | undefined } | undefined;

  function serve(): void {
    if (!waiting) return;
    const entry = entries.shift();
    if (entry) {
      taken = entry;
      waiting.resolve({ done: false, value: entry.item });
    } else if (over?.error) waiting.reject(over.error);
    else if (over) waiting.resolve({ done: true, value: undefined });
    else return;
    waiting = undefined;
  }

  function finish(): void {
    taken?.done();
    taken = undefined;
  }

  const iterator: AsyncIterableIterator<T> = {
    next() {
      finish();
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
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
