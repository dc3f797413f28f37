import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled } from '@dronecast/testbed';
import { limitBar } from '../bars.js';
import { OURS } from '../contenders.js';
import { createLoad } from '../load.js';
import { fromRoot } from '../paths.js';
import type { Scenario } from '../scenario.js';
import { startMeasured } from '../server.js';

const CONNECTIONS = 64;
const ONE_CORE = ['taskset', '-c', '0'] as const;

export const embedded: Scenario = {
  name: 'embedded',
  about: 'durable PATCHes of the standalone process, bound to one core where taskset is installed',
  figures: [
    { name: 'requestsPerSecond', title: 'PATCH/s', digits: 0 },
    { name: 'requestsPerCore', title: 'PATCH/CPU-s', digits: 0 },
    { name: 'cpuPerRequest', title: 'CPU µs/PATCH', digits: 0 },
    { name: 'p50', title: 'p50 ms', digits: 1 },
    { name: 'p99', title: 'p99 ms', digits: 1 },
  ],
  bars: [limitBar({ contender: OURS, figure: 'requestsPerSecond', atLeast: 3000 })],

  async run({ stage, rounds, seconds, isQuick, record }) {
    const folder = await mkdtemp(join(tmpdir(), 'dronecast-'));
    stage.onClear(() => rm(folder, { recursive: true, force: true }));
    const server = await startMeasured(stage, fromRoot('apps/standalone/dist/server.js'), {
      env: { DATA_DIR: folder },
      ...(isInstalled(ONE_CORE[0]) && { launcher: ONE_CORE }),
    });
    const load = await createLoad(stage, server, CONNECTIONS);
    await load.warmUp('patch', isQuick);
    for (let round = 0; round < rounds; round += 1) {
      record({ variant: 'standalone', contender: OURS, round, values: await load.measure('patch', seconds) });
    }
  },
};
