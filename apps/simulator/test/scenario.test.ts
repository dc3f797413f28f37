import { isDeepStrictEqual } from 'node:util';
import t from 'tap';
import { createFleet } from '../src/fleet.js';
import { createRandom } from '../src/random.js';
import { createScenario, type Operation } from '../src/scenario.js';
import { violations } from './contract.js';

function play(seed: number, length = 10_000) {
  const random = createRandom(seed);
  const fleet = createFleet(20, random);
  const scenario = createScenario(fleet, random, 'http://localhost/demo-scene.svg');
  return { fleet, story: Array.from({ length }, (): Operation => scenario.next().value) };
}

t.test('a seed names one story', async (t) => {
  t.same(play(3, 1000), play(3, 1000));
  t.notOk(isDeepStrictEqual(play(3, 1000).story, play(4, 1000).story));
});

t.test('each operation fits the contract', async (t) => {
  const { story } = play(1);
  t.same(story.flatMap(violations), []);
  t.same([...new Set(story.map(({ kind }) => kind))].sort(), ['incident', 'patch']);
});

t.test('each patch changes its drone, and detection never runs without a stream', async (t) => {
  const { fleet, story } = play(1);
  const drones = new Map(fleet.map(({ registration }) => [registration.deviceSerialNumber, registration]));
  const changed = new Set<string>();
  for (const { kind, serialNumber, body } of story) {
    const drone = drones.get(serialNumber);
    if (!drone) throw new Error(`${serialNumber} is not of the fleet`);
    if (kind !== 'patch') {
      if (!drone.isUsingAiDetection) t.fail('an incident without detection', { body });
      continue;
    }
    const next = { ...drone, ...body, metadata: { ...drone.metadata, ...body.metadata } };
    if (isDeepStrictEqual(next, drone)) t.fail('a patch that changes nothing', { body });
    if (next.isUsingAiDetection && !next.streamIsOn) t.fail('detection without a stream', { body });
    for (const field of Object.keys(body)) changed.add(field);
    drones.set(serialNumber, next);
  }
  t.same([...changed].sort(), ['detectionClasses', 'isUsingAiDetection', 'metadata', 'streamIsOn']);
});

t.test('incidents follow a device that moves, not far from its home', async (t) => {
  const { fleet, story } = play(1);
  for (const { registration, home, stride } of fleet) {
    const places = story.flatMap((operation) =>
      operation.kind === 'incident' && operation.serialNumber === registration.deviceSerialNumber
        ? [operation.body.coordinates?.coordinates ?? t.fail('no coordinates')]
        : [],
    ) as [number, number][];
    const visited = new Set(places.map(String));
    t.equal(visited.size > 1, stride > 0, `${registration.deviceSerialNumber} visits ${visited.size} places`);
    const metres = places.map(([longitude, latitude]) => {
      const east = (longitude - home[0]) * Math.cos((home[1] * Math.PI) / 180);
      return Math.hypot(east, latitude - home[1]) * 111_320;
    });
    t.ok(Math.max(0, ...metres) < 2_300, 'within range');
  }
});
