import { readFileSync, writeFileSync } from 'node:fs';
import { drawChart } from './chart.js';
import { fromRoot } from './paths.js';
import { type Result, readResults } from './results.js';
import type { Scenario } from './scenario.js';
import { formatMarkdown, tableRows } from './table.js';

const PAGE = fromRoot('docs/BENCHMARKS.md');
const CHART = fromRoot('docs/benchmarks.svg');
const START = '<!-- results: written by `pnpm bench report` -->';
const END = '<!-- end of results -->';

function section(scenario: Scenario, { at, machine, rounds, seconds, samples, verdicts }: Result): string {
  const bars = verdicts.map(({ text, isMet }) => `- ${isMet ? 'met' : '**missed**'}: ${text}`);
  return [
    `### ${scenario.name}`,
    `${scenario.about}.`,
    formatMarkdown(tableRows(scenario, samples)),
    ...(bars.length > 0 ? [bars.join('\n')] : []),
    `${at.slice(0, 10)}, ${machine}, ${rounds} rounds of ${seconds} s.`,
  ].join('\n\n');
}

/** Puts the saved results into the page about them, and draws them. */
export function writeReport(scenarios: readonly Scenario[]): void {
  const results = readResults();
  const sections = scenarios.flatMap((scenario) => {
    const result = results[scenario.name];
    return result ? [section(scenario, result)] : [];
  });
  const page = readFileSync(PAGE, 'utf8');
  const start = page.indexOf(START);
  const end = page.indexOf(END);
  if (start < 0 || end < start) throw new Error(`${PAGE} has no place for results`);
  const head = page.slice(0, start + START.length);
  writeFileSync(PAGE, `${head}\n\n${sections.join('\n\n')}\n\n${page.slice(end)}`);
  writeFileSync(CHART, drawChart(results));
}
