import { OURS, RELAYS } from '../contenders.js';
import { createRig } from '../rig.js';
import { rotate, type Scenario } from '../scenario.js';

const SOCKETS = 8000;
const PARALLEL = 500;

export const storm: Scenario = {
  name: 'storm',
  about: `${SOCKETS} clients connect at once, ${PARALLEL} handshakes under way at a time`,
  figures: [
    { name: 'seconds', title: 's', digits: 2 },
    { name: 'cpuPerConnect', title: 'CPU µs/connect', digits: 0 },
    { name: 'connectsPerSecond', title: 'connects/s', digits: 0 },
  ],
  compare: { figure: 'cpuPerConnect', to: OURS },
  bars: [],

  async run({ stage, rounds, record }) {
    const rigs = [];
    for (const contender of RELAYS) rigs.push(await createRig(stage, contender));
    for (let round = 0; round < rounds; round += 1) {
      for (const rig of rotate(rigs, round)) {
        // A fresh process: that is what a deploy's clients come to.
        await rig.restart();
        const before = await rig.usage();
        const elapsedUs = await rig.followEach(SOCKETS, 0, { parallel: PARALLEL });
        const after = await rig.usage();
        const values = {
          seconds: elapsedUs / 1e6,
          cpuPerConnect: (after.cpuUs - before.cpuUs) / SOCKETS,
          connectsPerSecond: (SOCKETS / elapsedUs) * 1e6,
        };
        record({ variant: `${SOCKETS} connects`, contender: rig.name, round, values });
      }
    }
  },
};
