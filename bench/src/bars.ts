import type { Samples, Subject } from './samples.js';

/** How a bar was met. */
export interface Verdict {
  readonly text: string;
  readonly isMet: boolean;
}

/** What must show in a scenario's figures; one verdict for each variant that it concerns. */
export type Bar = (samples: Samples) => Verdict[];

const number = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

const verdict = (text: string, value: number, limit: string, isMet: boolean): Verdict => ({
  text: `${text}: ${number(value)} (${limit})`,
  isMet,
});

interface Of {
  readonly contender: string;
  readonly figure: string;
  /** Default: all. */
  readonly variants?: readonly string[];
}

/** The contender's figure, over that of another in the same variant. */
export function ratioBar({
  contender,
  figure,
  variants,
  to,
  atMost,
}: Of & { to: string; atMost: number }): Bar {
  return (samples) =>
    (variants ?? samples.variants).flatMap((variant) => {
      const ratio = samples.ratio({ variant, contender }, { variant, contender: to }, figure);
      if (ratio === undefined) return [];
      return [verdict(`${variant}, ${contender}: ${figure} to ${to}`, ratio, `at most ${number(atMost)}`, ratio <= atMost)];
    });
}

/** The contender's figure in each variant, over that in the first one. */
export function steadyBar({ contender, figure, variants, within }: Of & { within: number }): Bar {
  return (samples) => {
    const [first, ...others] = variants ?? samples.variants;
    if (first === undefined) return [];
    return others.flatMap((variant) => {
      const ratio = samples.ratio({ variant, contender }, { variant: first, contender }, figure);
      if (ratio === undefined) return [];
      const text = `${variant}, ${figure} to that at ${first}`;
      return [verdict(text, ratio, `1 ± ${number(within)}`, Math.abs(ratio - 1) <= within)];
    });
  };
}

/** The contender's median. */
export function limitBar({
  contender,
  figure,
  variants,
  ...limits
}: Of & ({ atMost: number } | { atLeast: number })): Bar {
  return (samples) =>
    (variants ?? samples.variants).flatMap((variant) => {
      const subject: Subject = { variant, contender };
      const value = samples.spread(subject, figure)?.median;
      if (value === undefined) return [];
      const text = `${variant}, ${figure}`;
      if ('atMost' in limits)
        return [verdict(text, value, `at most ${number(limits.atMost)}`, value <= limits.atMost)];
      return [verdict(text, value, `at least ${number(limits.atLeast)}`, value >= limits.atLeast)];
    });
}

/** Nobody may lose a delivery in any round. */
export const nothingLost: Bar = (samples) => {
  const lost = samples.variants.flatMap((variant) =>
    samples.contenders.flatMap((contender) => {
      const most = samples.spread({ variant, contender }, 'lost')?.max;
      return most ? [`${contender} at ${variant}: ${most}`] : [];
    }),
  );
  return [{ text: `deliveries lost: ${lost.join(', ') || 'none'}`, isMet: lost.length === 0 }];
};
