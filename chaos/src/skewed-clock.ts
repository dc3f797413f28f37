/** Milliseconds by which the clock of one API is ahead of all others. */
export const CLOCK_SKEW_MS = 3_600_000;

/** Sets the clock of this process ahead. Timers are not concerned. */
export function skewClock(ms: number): void {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [string | number | Date]) {
      if (args.length === 0) super(RealDate.now() + ms);
      else super(...args);
    }

    static override now(): number {
      return RealDate.now() + ms;
    }
  } as DateConstructor;
}
