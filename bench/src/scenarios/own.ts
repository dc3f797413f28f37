import { nothingLost, ratioBar, steadyBar } from '../bars.js';
import { FLOOR, OURS, RELAYS } from '../contenders.js';
import { createRig } from '../rig.js';
import { DELIVERY_FIGURES, rotate, type Scenario } from '../scenario.js';

const SOCKETS = 2000;
const RATE = 1000;
/** Sockets that follow drones of which nothing is heard. */
const BYSTANDERS = [0, 500, 2000, 8000];

const WARM_UP_SECONDS = 15;
const SETTLE_SECONDS = 2;

const variant = (bystanders: number): string => `${bystanders} others`;

export const own: Scenario = {
  name: 'own',
  about: `${SOCKETS} sockets follow one drone each, ${RATE} events/s, beside others that nothing matches`,
  figures: DELIVERY_FIGURES,
  compare: { figure: 'cpuPerDelivery', to: FLOOR },
  bars: [
    ratioBar({ contender: OURS, figure: 'cpuPerDelivery', to: FLOOR, atMost: 1.5 }),
    steadyBar({
      contender: OURS,
      figure: 'cpuPerDelivery',
      variants: BYSTANDERS.slice(1).map(variant),
      within: 0.15,
    }),
    nothingLost,
  ],

  async run({ stage, rounds, seconds, record }) {
    const load = { rate: RATE, drones: SOCKETS, fanOut: 1 };
    const rigs = [];
    for (const contender of RELAYS) {
      const rig = await createRig(stage, contender);
      await rig.followEach(SOCKETS);
      await rig.measure({ ...load, seconds: WARM_UP_SECONDS });
      rigs.push(rig);
    }
    for (let round = 0; round < rounds; round += 1) {
      let connected = 0;
      for (const bystanders of BYSTANDERS) {
        for (const rig of rigs) {
          await rig.followEach(bystanders - connected, SOCKETS + connected, { group: 'bystanders' });
        }
        connected = bystanders;
        for (const rig of rotate(rigs, round)) {
          // What the handshakes left behind is not the load's.
          await rig.measure({ ...load, seconds: SETTLE_SECONDS });
          const values = await rig.measure({ ...load, seconds });
          record({ variant: variant(bystanders), contender: rig.name, round, values: { ...values } });
        }
      }
      for (const rig of rigs) await rig.disconnect('bystanders');
    }
  },
};
