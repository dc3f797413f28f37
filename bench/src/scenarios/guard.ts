import { nothingLost, ratioBar } from '../bars.js';
import { FLOOR, OURS, OURS_AND_FLOOR } from '../contenders.js';
import { createRig } from '../rig.js';
import { DELIVERY_FIGURES, rotate, type Scenario } from '../scenario.js';

const SOCKETS = 300;
const RATE = 600;
const DRONES = 100;
const SECONDS = 1;
const ROUNDS = 3;
/** Of `all`. */
const BAR = 1.25;
/** The machine may be anything and busy, so only what is plainly wrong fails. */
const TOLERANCE = 2;

/** The relay beside the bare loop in ten seconds: a ratio, since times differ from machine to machine. */
export const guard: Scenario = {
  name: 'guard',
  about: `ten seconds of ${SOCKETS} sockets on all events, ${RATE} events/s; fails when the ratio is twice the bar`,
  figures: DELIVERY_FIGURES,
  compare: { figure: 'cpuPerDelivery', to: FLOOR },
  bars: [
    ratioBar({ contender: OURS, figure: 'cpuPerDelivery', to: FLOOR, atMost: BAR * TOLERANCE }),
    nothingLost,
  ],

  async run({ stage, record }) {
    const load = { rate: RATE, drones: DRONES, fanOut: SOCKETS, seconds: SECONDS };
    const rigs = await Promise.all(OURS_AND_FLOOR.map((contender) => createRig(stage, contender)));
    for (const rig of rigs) {
      await rig.followAll(SOCKETS);
      await rig.measure(load);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const rig of rotate(rigs, round)) {
        const values = await rig.measure(load);
        record({ variant: `${RATE} events/s`, contender: rig.name, round, values: { ...values } });
      }
    }
  },
};
