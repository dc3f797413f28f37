/** Newcomers taken in one turn of the event loop: what they cost together is no pause that anybody sees. */
const PER_TURN = 8;

/** Lets newcomers in a few at a time, so that thousands at once don't hold up those who are there. */
export function createAdmission() {
  const waiting: (() => void)[] = [];
  let admitted = 0;
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      admitted = 0;
      for (const enter of waiting.splice(0, PER_TURN)) {
        admitted += 1;
        enter();
      }
      if (admitted > 0) schedule();
    });
  }

  return {
    /** Resolves when it is the caller's turn. */
    async turn(): Promise<void> {
      schedule();
      if (admitted < PER_TURN && waiting.length === 0) admitted += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}
