/** Calls `onSilence` once, as soon as there was no sign of life for so long. */
export function createSilenceWatch(ms: number, onSilence: () => void) {
  let limit = ms;
  let heardAt = performance.now();
  let timer = setTimeout(check, limit);

  function check(): void {
    const left = heardAt + limit - performance.now();
    if (left <= 0) onSilence();
    else timer = setTimeout(check, left);
  }

  return {
    heard(): void {
      heardAt = performance.now();
    },
    setLimit(ms: number): void {
      limit = ms;
      clearTimeout(timer);
      timer = setTimeout(check, limit);
    },
    stop: (): void => clearTimeout(timer),
  };
}
