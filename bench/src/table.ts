import { createSamples, type Sample, type Spread } from './samples.js';
import type { Scenario } from './scenario.js';

type Described = Pick<Scenario, 'figures' | 'compare'>;

function cell(spread: Spread | undefined, digits: number): string {
  if (!spread || Number.isNaN(spread.median)) return '';
  const [middle, low, high] = [spread.median, spread.min, spread.max].map((value) => value.toFixed(digits));
  return low === high ? `${middle}` : `${middle} (${low}-${high})`;
}

/** Rows of text, the first one the titles: the median of each figure, its lowest and highest, and the ratio. */
export function tableRows({ figures, compare }: Described, measured: readonly Sample[]): string[][] {
  const samples = createSamples(measured);
  const shown = figures.filter(({ name }) => measured.some(({ values }) => values[name] !== undefined));
  const titles = ['', 'contender', ...shown.map(({ title }) => title)];
  if (compare) titles.splice(3, 0, `to ${compare.to}`);
  const rows = samples.variants.flatMap((variant) =>
    samples.contenders.flatMap((contender) => {
      const subject = { variant, contender };
      const cells = shown.map(({ name, digits }) => cell(samples.spread(subject, name), digits));
      if (cells.every((text) => text === '')) return [];
      if (compare) {
        const ratio = samples.ratio(subject, { variant, contender: compare.to }, compare.figure);
        cells.splice(1, 0, ratio === undefined ? '' : `${ratio.toFixed(2)}x`);
      }
      return [[variant, contender, ...cells]];
    }),
  );
  return [titles, ...rows];
}

/** For a terminal. */
export function formatTable(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (text: string, column: number): string =>
    column < 2 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}

/** For a document. */
export function formatMarkdown(rows: readonly string[][]): string {
  const [titles = [], ...others] = rows;
  const rule = titles.map((_, column) => (column < 2 ? '---' : '---:'));
  return [titles, rule, ...others].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
