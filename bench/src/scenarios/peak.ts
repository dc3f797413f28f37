import { FLOOR, RELAYS } from '../contenders.js';
import { createRig, type Rig } from '../rig.js';
import { rotate, type Scenario } from '../scenario.js';

const SOCKETS = 500;
const DRONES = 100;
const SAMPLE_EVERY = 25;
const FIRST_RATE = 100;
const STEP = 1.25;
/** What a client may wait at most for 99 of 100 events. */
const MAX_P99_MS = 100;
/** More than any contender can do. */
const MAX_RATE = 20_000;

/** Whoever is late on a try may have met a busy moment of the machine. */
const TRIES = 3;

/** Raises the rate until events come too late; returns the last figures before. */
async function climb(rig: Rig, seconds: number) {
  async function inTime(rate: number): Promise<number | undefined> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const { p99, deliveriesPerSecond } = await rig.measure({
        rate,
        seconds,
        drones: DRONES,
        fanOut: SOCKETS,
      });
      if (p99 <= MAX_P99_MS) return deliveriesPerSecond;
    }
    return undefined;
  }
  let best = { rate: 0, deliveriesPerSecond: 0 };
  for (let rate = FIRST_RATE; rate < MAX_RATE; rate = Math.ceil(rate * STEP)) {
    const deliveriesPerSecond = await inTime(rate);
    if (deliveriesPerSecond === undefined) break;
    best = { rate, deliveriesPerSecond };
  }
  return best;
}

export const peak: Scenario = {
  name: 'peak',
  about: `the rate is raised until p99 passes ${MAX_P99_MS} ms, ${SOCKETS} sockets on all events`,
  figures: [
    { name: 'deliveriesPerSecond', title: 'deliveries/s', digits: 0 },
    { name: 'rate', title: 'events/s', digits: 0 },
  ],
  compare: { figure: 'deliveriesPerSecond', to: FLOOR },
  bars: [],

  async run({ stage, rounds, seconds, record }) {
    const rigs = [];
    for (const contender of RELAYS) {
      const rig = await createRig(stage, contender);
      await rig.followAll(SOCKETS, { sampleEvery: SAMPLE_EVERY });
      await rig.measure({ rate: FIRST_RATE, seconds: 2, drones: DRONES, fanOut: SOCKETS });
      rigs.push(rig);
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const rig of rotate(rigs, round)) {
        const values = await climb(rig, seconds);
        record({ variant: 'peak', contender: rig.name, round, values });
      }
    }
  },
};
