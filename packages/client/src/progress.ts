import type { CursorStore } from './cursor-store.js';

/** Saves how far everybody has read: an event counts when the last of its readers is done with it. */
export function createProgress(store: CursorStore | undefined, warn: (error: unknown) => void) {
  let steps: { readonly cursor: string; readers: number }[] = [];
  let isFrozen = store === undefined;
  let unsaved: string | undefined;
  let saving: Promise<void> | undefined;

  async function save(): Promise<void> {
    while (unsaved !== undefined) {
      const cursor = unsaved;
      unsaved = undefined;
      await Promise.resolve(store?.save(cursor)).catch(warn);
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

    /** Resolves when all is saved. */
    saved: async (): Promise<void> => saving,
  };
}
