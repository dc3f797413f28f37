import { median } from './statistics.js';

/** What one contender did in one round. */
export interface Sample {
  /** What was asked of it, such as a rate. */
  readonly variant: string;
  readonly contender: string;
  readonly round: number;
  /** By figure. */
  readonly values: Readonly<Record<string, number>>;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Subject {
  readonly variant: string;
  readonly contender: string;
}

/** Questions to what was measured. */
export function createSamples(samples: readonly Sample[]) {
  const valuesOf = ({ variant, contender }: Subject, figure: string): Map<number, number> =>
    new Map(
      samples
        .filter((sample) => sample.variant === variant && sample.contender === contender)
        .map(({ round, values }) => [round, values[figure] ?? Number.NaN]),
    );

  return {
    /** In the order in which they were first measured. */
    variants: [...new Set(samples.map(({ variant }) => variant))],
    contenders: [...new Set(samples.map(({ contender }) => contender))],

    /** Undefined when the contender was not measured so. */
    spread(subject: Subject, figure: string): Spread | undefined {
      const values = [...valuesOf(subject, figure).values()];
      if (values.length === 0) return undefined;
      return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
    },

    /**
     * The median of the rounds' ratios. What was measured within one round met much the same machine, so this is
     * steadier than a ratio of medians.
     */
    ratio(subject: Subject, to: Subject, figure: string): number | undefined {
      const others = valuesOf(to, figure);
      const ratios = [...valuesOf(subject, figure)].flatMap(([round, value]) => {
        const other = others.get(round);
        return other === undefined ? [] : [value / other];
      });
      return ratios.length === 0 ? undefined : median(ratios);
    },
  };
}

export type Samples = ReturnType<typeof createSamples>;
