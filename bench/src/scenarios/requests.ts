import { ratioBar } from '../bars.js';
import { BARE_DRIVERS, EXPRESS, OURS } from '../contenders.js';
import { createLoad } from '../load.js';
import { builtPath, fromRoot } from '../paths.js';
import { rotate, type Scenario } from '../scenario.js';
import { startMeasured } from '../server.js';

/** Few, since the database that stands in for MongoDB becomes slower by more. */
const CONNECTIONS = 8;
const APIS = [
  { name: OURS, script: fromRoot('apps/api/dist/server.js') },
  { name: EXPRESS, script: builtPath('peers/express-api.js') },
  { name: BARE_DRIVERS, script: builtPath('peers/bare-api.js') },
];

/** One kind of request, to our API and to its peer. MongoDB is the same for both, so only the API's own CPU counts. */
function requests(kind: 'patch' | 'get'): Scenario {
  return {
    name: kind,
    about: `${kind.toUpperCase()} of a drone by serial number, ${CONNECTIONS} connections, no request log`,
    figures: [
      { name: 'cpuPerRequest', title: 'CPU µs/request', digits: 0 },
      { name: 'requestsPerSecond', title: 'requests/s', digits: 0 },
      { name: 'p50', title: 'p50 ms', digits: 1 },
      { name: 'p99', title: 'p99 ms', digits: 1 },
    ],
    compare: { figure: 'cpuPerRequest', to: EXPRESS },
    bars: [ratioBar({ contender: OURS, figure: 'cpuPerRequest', to: EXPRESS, atMost: 1 / 3 })],

    async run({ stage, rounds, seconds, isQuick, record }) {
      const loads = [];
      for (const { name, script } of APIS) {
        const redis = await stage.redis();
        const env = { REDIS_URL: redis.url, MONGODB_URL: await stage.mongo() };
        const load = await createLoad(stage, await startMeasured(stage, script, { env }), CONNECTIONS);
        loads.push({ name, load });
      }
      await Promise.all(loads.map(({ load }) => load.warmUp(kind, isQuick)));
      for (let round = 0; round < rounds; round += 1) {
        for (const { name, load } of rotate(loads, round)) {
          record({
            variant: kind.toUpperCase(),
            contender: name,
            round,
            values: await load.measure(kind, seconds),
          });
        }
      }
    },
  };
}

export const patch = requests('patch');
export const get = requests('get');
