import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createApiClient } from './api-client.js';
import { createFleet } from './fleet.js';
import { HELP, type Options, parseOptions, UsageError } from './options.js';
import { startProgress } from './progress.js';
import { createRandom } from './random.js';
import { CONCURRENCY, createRunner, createStats } from './run.js';
import { createScenario, registrations } from './scenario.js';

/** Served with the page; a picture from elsewhere would need a network. */
const pictureOn = (page: URL): string => new URL('/demo-scene.svg', page).href;

/** Aborts on a signal, or when the time is up. More signals change nothing: what is in flight soon times out. */
function createStop(durationSeconds: number | undefined): AbortSignal {
  const stop = new AbortController();
  setMaxListeners(0, stop.signal); // each request that waits to be sent again is one
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  if (durationSeconds !== undefined) setTimeout(() => stop.abort(), durationSeconds * 1000).unref();
  return stop.signal;
}

async function simulate({ url, page, token, drones, rate, seed, durationSeconds }: Options): Promise<void> {
  const signal = createStop(durationSeconds);
  const random = createRandom(seed);
  const fleet = createFleet(drones, random);
  const client = createApiClient(url, CONCURRENCY, token);
  const stats = createStats();
  const sleep = (ms: number): Promise<void> => delay(ms, undefined, { signal }).catch(() => {});
  const clock = { now: () => performance.now(), sleep };
  const run = createRunner({ client, stats, clock, signal });
  const progress = startProgress(process.stdout, stats, drones);

  await run(registrations(fleet), Number.POSITIVE_INFINITY);
  // Where no drone could be registered, this is hardly the API, or it wants a token: changes would only fail, too.
  if (stats.registered > 0) await run(createScenario(fleet, random, pictureOn(page)), rate);
  progress.finish();
  await client.close();
  if (stats.registered === 0 && !signal.aborted) throw new UsageError(`--url ${url} takes no registration`);
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await simulate(options);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`simulate: ${error.message}`);
  process.exitCode = 1;
}
