/** Calls `work` soon, and once for all calls until then, at most every so often: many events cost one rendering. */
export function coalesced(work: () => void, everyMs = 100): () => void {
  let isAsked = false;
  let lastAt = 0;
  return () => {
    if (isAsked) return;
    isAsked = true;
    setTimeout(
      () => {
        isAsked = false;
        lastAt = performance.now();
        work();
      },
      Math.max(0, lastAt + everyMs - performance.now()),
    );
  };
}
