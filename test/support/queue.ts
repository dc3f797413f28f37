/** How long a test waits for what must come. */
const TIMEOUT_MS = 15_000;

/** What has happened and is not yet looked at; tests take from it in order and so cannot race. */
export class Queue<T> {
  readonly #items: T[] = [];
  #wake: (() => void) | undefined;

  /** How many wait to be taken. */
  get length(): number {
    return this.#items.length;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** The oldest item, as soon as there is one. */
  async next(): Promise<T> {
    const [item] = await this.take(1);
    return item as T;
  }

  /** The oldest `count` items, as soon as there are so many. */
  async take(count: number): Promise<T[]> {
    const deadline = Date.now() + TIMEOUT_MS;
    while (this.#items.length < count) {
      const timeout = deadline - Date.now();
      if (timeout <= 0) throw new Error(`waited for ${count} items, only ${this.#items.length} came`);
      await this.#change(timeout);
    }
    return this.#items.splice(0, count);
  }

  /** The oldest item that fits; what came before it is dropped. */
  async find(fits: (item: T) => boolean): Promise<T> {
    for (;;) {
      const item = await this.next();
      if (fits(item)) return item;
    }
  }

  #change(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, timeout);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Waits for a state that nothing announces. */
export async function until(isReached: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + TIMEOUT_MS;
  while (!(await isReached())) {
    if (Date.now() > deadline) throw new Error(`not reached: ${isReached}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
