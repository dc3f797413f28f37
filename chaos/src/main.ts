import { runCampaign } from './campaign.js';
import { HELP, parseOptions, UsageError } from './options.js';
import { formatReport, hasPassed } from './report.js';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else {
    console.log(`seed ${options.seed}${options.mutation ? `, mutation ${options.mutation}` : ''}`);
    const outcome = await runCampaign(options, (line) => console.log(line));
    process.stdout.write(formatReport(outcome, options));
    // At once: hundreds of connections that were cut in all ways are not worth waiting for.
    process.exit(hasPassed(outcome) ? 0 : 1);
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`chaos: ${error.message}`);
  process.exitCode = 1;
}
