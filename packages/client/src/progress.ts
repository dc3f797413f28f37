import { type BackoffRange, backoff, pause } from './backoff.js';
import type { CursorStore } from './cursor-store.js';
import { within } from './within.js';

export interface ProgressDependencies {
  readonly store: CursorStore | undefined;
  /** Milliseconds that the store may take. */
  readonly limitMs: number;
  /** Between two tries to save. */
  readonly backoff: BackoffRange;
  readonly warn: (error: Error) => void;
}

/** Saves how far everybody has read: an event counts when the last of its readers is done with it. */
export function createProgress({ store, limitMs, warn, ...dependencies }: ProgressDependencies) {
  const closing = new AbortController();
  let steps: { readonly cursor: string; readers: number }[] = [];
  let isFrozen = store === undefined;
  let unsaved: string | undefined;
  let saving: Promise<void> | undefined;

  async function save(): Promise<void> {
    for (let failures = 0; unsaved !== undefined; ) {
      const cursor = unsaved;
      unsaved = undefined;
      try {
        await within(limitMs, 'the cursor store', () => store?.save(cursor));
        failures = 0;
      } catch (cause) {
        warn(new Error('the cursor cannot be saved', { cause }));
        unsaved ??= cursor;
        if (closing.signal.aborted) break;
        await pause(backoff(dependencies.backoff, failures), closing.signal);
        failures += 1;
      }
    }
    saving = undefined;
  }

  function settle(): void {
    let done = 0;
    while (steps[done]?.readers === 0) done += 1;
    unsaved = steps[done - 1]?.cursor ?? unsaved;
    if (done > 0) steps = steps.slice(done);
    if (unsaved !== undefined) saving ??= Promise.resolve().then(save);
  }

  return {
    /** A place that so many readers have yet to pass. Each calls what this returns. */
    add(cursor: string | undefined, readers: number): () => void {
      if (isFrozen || cursor === undefined) return () => {};
      const step = { cursor, readers };
      steps.push(step);
      settle();
      return () => {
        step.readers -= 1;
        settle();
      };
    },

    /** Somebody left with events unread: a later start has to begin with them. */
    freeze(): void {
      isFrozen = true;
    },

    /** Resolves when all is saved, or could not be for a last time. */
    async saved(): Promise<void> {
      closing.abort();
      await saving;
    },
  };
}
