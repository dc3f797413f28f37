import { setTimeout as pause } from 'node:timers/promises';
import { limitBar } from '../bars.js';
import { OURS, RELAYS } from '../contenders.js';
import { createRig } from '../rig.js';
import { rotate, type Scenario } from '../scenario.js';

const SOCKETS = 8000;
/** Until what the handshakes left behind has settled. */
const SETTLE_MS = 2000;

export const idle: Scenario = {
  name: 'idle',
  about: `memory of ${SOCKETS} idle sockets, over that of the fresh process`,
  figures: [
    { name: 'kibPerSocket', title: 'KiB RSS/socket', digits: 1 },
    { name: 'rssMib', title: 'MiB RSS', digits: 0 },
  ],
  bars: [limitBar({ contender: OURS, figure: 'kibPerSocket', atMost: 16 })],

  async run({ stage, rounds, record }) {
    const rigs = [];
    for (const contender of RELAYS) rigs.push(await createRig(stage, contender));
    for (let round = 0; round < rounds; round += 1) {
      for (const rig of rotate(rigs, round)) {
        await rig.restart();
        const before = await rig.usage();
        await rig.followEach(SOCKETS);
        await pause(SETTLE_MS);
        const { rss } = await rig.usage();
        const values = { kibPerSocket: (rss - before.rss) / SOCKETS / 1024, rssMib: rss / 1024 ** 2 };
        record({ variant: `${SOCKETS} sockets`, contender: rig.name, round, values });
      }
    }
  },
};
