import { nothingLost, ratioBar } from '../bars.js';
import { FLOOR, OURS, RELAYS, SOCKET_IO } from '../contenders.js';
import { createRig } from '../rig.js';
import { DELIVERY_FIGURES, rotate, type Scenario } from '../scenario.js';

const SOCKETS = 500;
const RATES = [20, 100, 200, 600];
const DRONES = 100;
/** So many sockets are enough to see each event's latency. */
const SAMPLE_EVERY = 25;

const variant = (rate: number): string => `${rate} events/s`;

export const all: Scenario = {
  name: 'all',
  about: `${SOCKETS} sockets follow all events`,
  figures: DELIVERY_FIGURES,
  compare: { figure: 'cpuPerDelivery', to: FLOOR },
  bars: [
    ratioBar({ contender: OURS, figure: 'cpuPerDelivery', to: FLOOR, atMost: 1.25 }),
    ratioBar({
      contender: OURS,
      figure: 'cpuPerDelivery',
      to: SOCKET_IO,
      atMost: 1 / 5,
      variants: [variant(200)],
    }),
    nothingLost,
  ],

  async run({ stage, rounds, seconds, record }) {
    const rigs = [];
    for (const contender of RELAYS) {
      const rig = await createRig(stage, contender);
      await rig.followAll(SOCKETS, { sampleEvery: SAMPLE_EVERY });
      // The first events meet code that is not compiled yet.
      await rig.measure({ rate: 200, seconds: 2, drones: DRONES, fanOut: SOCKETS });
      rigs.push(rig);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const rate of RATES) {
        for (const rig of rotate(rigs, round)) {
          const values = await rig.measure({ rate, seconds, drones: DRONES, fanOut: SOCKETS });
          record({ variant: variant(rate), contender: rig.name, round, values: { ...values } });
        }
      }
    }
  },
};
