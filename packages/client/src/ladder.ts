import type { TransportName } from './transport.js';

/** Which transport is in use: the best one, until it turns out not to get through. */
export function createLadder(rungs: readonly [TransportName, ...TransportName[]]) {
  let at = 0;
  return {
    current: (): TransportName => rungs[at] ?? rungs[0],
    best: rungs[0],
    isBest: (): boolean => at === 0,
    /** Steps down; false, and back to the best, when there was nothing below. */
    down(): boolean {
      at = (at + 1) % rungs.length;
      return at > 0;
    },
    top(): void {
      at = 0;
    },
  };
}
