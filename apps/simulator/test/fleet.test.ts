import { isDeepStrictEqual } from 'node:util';
import { DEVICE_CATEGORIES } from '@dronecast/events';
import t from 'tap';
import { createFleet } from '../src/fleet.js';
import { createRandom } from '../src/random.js';
import { registrations } from '../src/scenario.js';
import { violations } from './contract.js';

const fleetOf = (seed: number, size = 500) => createFleet(size, createRandom(seed));

t.test('a seed names one fleet', async (t) => {
  t.same(fleetOf(7), fleetOf(7));
  t.notOk(isDeepStrictEqual(fleetOf(7), fleetOf(8)));
  t.same(fleetOf(7, 20), fleetOf(7).slice(0, 20), 'a bigger fleet starts as the smaller one');
});

t.test('each registration fits the contract', async (t) => {
  t.same(registrations(fleetOf(1)).flatMap(violations), []);
});

t.test('serial numbers and names tell devices apart, and tell what they are', async (t) => {
  const fleet = fleetOf(1).map(({ registration }) => registration);
  t.equal(new Set(fleet.map((drone) => drone.deviceSerialNumber)).size, 500);
  t.equal(new Set(fleet.map((drone) => drone.deviceName)).size, 500);
  const prefixes = { DRONE: /^DRN-\d{4}$/, 'BODY CAM': /^CAM-\d{4}$/, CCTV: /^CCTV-\d{4}$/ };
  for (const category of DEVICE_CATEGORIES) {
    const ofCategory = fleet.filter((drone) => drone.deviceCategory === category);
    t.ok(ofCategory.length > 50, category);
    for (const drone of ofCategory) t.match(drone.deviceSerialNumber, prefixes[category]);
  }
  t.notOk(
    fleet.some((drone) => drone.isUsingAiDetection && !drone.streamIsOn),
    'no detection without a stream',
  );
});
