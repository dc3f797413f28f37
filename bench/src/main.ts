import { type Options, parseOptions, UsageError } from './options.js';
import { writeReport } from './report.js';
import { machine, type Result, saveResult } from './results.js';
import { createSamples, type Sample } from './samples.js';
import type { Scenario } from './scenario.js';
import { guard } from './scenarios/guard.js';
import { SCENARIOS } from './scenarios/index.js';
import { createStage } from './stage.js';
import { formatTable, tableRows } from './table.js';

const HELP = `Measures the product beside named peers. Starts all that it needs; redis-server must be installed.

Usage: pnpm bench [scenario…] [options]      all scenarios, then the report, unless some are named
       pnpm bench guard                      ${guard.about}
       pnpm bench report                     writes docs/BENCHMARKS.md and its chart from the saved results

${SCENARIOS.map(({ name, about }) => `  ${name.padEnd(11)}${about}`).join('\n')}

  --rounds N    how often each measurement is repeated [5]
  --seconds N   how long each takes [5]
  --quick       one short round; nothing is saved
  --help
`;

const stage = createStage();

function select(names: readonly string[]): readonly Scenario[] {
  if (names.length === 0) return SCENARIOS;
  return names.map((name) => {
    const scenario = SCENARIOS.find((candidate) => candidate.name === name);
    if (!scenario) throw new UsageError(`there is no scenario '${name}'`);
    return scenario;
  });
}

/** Shows how it gets on where somebody watches. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`);
}

async function measure(scenario: Scenario, { rounds, seconds, isQuick }: Options): Promise<Result> {
  const samples: Sample[] = [];
  showProgress(`${scenario.name}: getting ready`);
  try {
    await scenario.run({
      stage,
      rounds,
      seconds,
      isQuick,
      record(sample) {
        samples.push(sample);
        showProgress(`${scenario.name}: ${sample.variant}, round ${sample.round + 1}, ${sample.contender}`);
      },
    });
  } finally {
    await stage.clear();
    showProgress('');
  }
  const view = createSamples(samples);
  const verdicts = scenario.bars.flatMap((bar) => bar(view));
  return { at: new Date().toISOString(), machine: machine(), rounds, seconds, verdicts, samples };
}

function print({ about, ...scenario }: Scenario, { samples, verdicts }: Result): void {
  console.log(`${scenario.name}: ${about}\n`);
  console.log(formatTable(tableRows(scenario, samples)));
  console.log(`\n${verdicts.map(({ text, isMet }) => `${isMet ? 'met ' : 'MISSED '} ${text}`).join('\n')}\n`);
}

async function run(options: Options): Promise<void> {
  for (const scenario of select(options.names)) {
    const result = await measure(scenario, options);
    print(scenario, result);
    if (!options.isQuick) saveResult(scenario.name, result);
  }
  if (options.names.length === 0 && !options.isQuick) writeReport(SCENARIOS);
}

/** Fails when a bar is missed. */
async function runGuard(options: Options): Promise<void> {
  const result = await measure(guard, options);
  print(guard, result);
  if (!result.verdicts.every(({ isMet }) => isMet)) process.exitCode = 1;
}

async function main(options: Options): Promise<void> {
  const [first, ...others] = options.names;
  if (options.help) process.stdout.write(HELP);
  else if (first === 'guard' && others.length === 0) await runGuard(options);
  else if (first === 'report' && others.length === 0) writeReport(SCENARIOS);
  else await run(options);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void stage.clear().finally(() => process.exit(1)));
}
try {
  await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}
