import { setTimeout as pause } from 'node:timers/promises';
import { nothingLost } from '../bars.js';
import { OURS_ALONE } from '../contenders.js';
import { createRig, type Rig } from '../rig.js';
import type { Scenario } from '../scenario.js';

const CLIENTS = 2000;
const EVENTS = 1000;
const RATE = 2000;
const TIMEOUT_MS = 120_000;
/** Until a relay that has just started follows the live feed, and the last events are in the history. */
const SETTLE_MS = 500;

async function resumeAll(rig: Rig, since: string) {
  await rig.clients.call('reset');
  const before = await rig.usage();
  const startedAt = performance.now();
  const expected = CLIENTS * EVENTS;
  // Those who come late in the queue are served after the first have all they missed.
  const connected = rig.connect(Array.from({ length: CLIENTS }, () => `since=${since}`));
  const deliveries = await rig.clients.call('waitFor', { count: expected, timeoutMs: TIMEOUT_MS });
  await connected;
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await rig.usage();
  await rig.disconnect();
  return {
    cpuPerDelivery: (after.cpuUs - before.cpuUs) / deliveries,
    deliveriesPerSecond: deliveries / seconds,
    seconds,
    rssMib: after.rss / 1024 ** 2,
    lost: expected - deliveries,
  };
}

export const resume: Scenario = {
  name: 'resume',
  about: `${CLIENTS} clients come back and each has missed ${EVENTS} events; Socket.IO's adapter replays none`,
  figures: [
    { name: 'seconds', title: 's', digits: 2 },
    { name: 'cpuPerDelivery', title: 'CPU µs/event', digits: 2 },
    { name: 'deliveriesPerSecond', title: 'events/s', digits: 0 },
    { name: 'rssMib', title: 'MiB RSS', digits: 0 },
    { name: 'lost', title: 'lost', digits: 0 },
  ],
  bars: [nothingLost],

  async run({ stage, rounds, record }) {
    const rig = await createRig(stage, OURS_ALONE);
    for (let round = 0; round < rounds; round += 1) {
      await rig.restart();
      const since = await rig.publisher.call('cursor');
      await rig.publisher.call('publish', { rate: RATE, seconds: EVENTS / RATE, drones: 100 });
      await pause(SETTLE_MS);
      const fromMemory = await resumeAll(rig, since);
      record({ variant: 'from memory', contender: rig.name, round, values: fromMemory });
      // A relay that was not there when the events were: it has to read them.
      await rig.restart();
      const fromRedis = await resumeAll(rig, since);
      record({ variant: 'from Redis', contender: rig.name, round, values: fromRedis });
    }
  },
};
