import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { diff } from '../src/drone/diff.js';
import type { Drone, DroneFields } from '../src/drone/drone.js';
import { applyPatch } from '../src/drone/edit.js';
import { mergePatch } from '../src/drone/merge-patch.js';
import { arbitraryDrone, arbitraryPatch } from './arbitrary-drone.js';
import { fullDrone, newId, sampleDrone } from './samples.js';

const NOW = '2026-05-01T12:00:00.000Z';
const drone = fullDrone('DRN-1');

t.test('no difference', async (t) => {
  t.equal(diff(drone, structuredClone(drone)), undefined);
  const settled = { id: newId(), revision: 99, createdAt: NOW, updatedAt: NOW };
  t.equal(diff(drone, { ...drone, ...settled }), undefined, 'what no caller sets does not count');
});

t.test('each field, with its values now and before', async (t) => {
  const [before, after] = [sampleDrone('DRN-1'), fullDrone('DRN-1')];
  const names = [
    'deviceName',
    'deviceCategory',
    'isUsingAiDetection',
    'streamIsOn',
    'streamUrl',
    'webRTCUrl',
    'cameras',
    'detectionClasses',
  ] as const satisfies (keyof DroneFields)[];
  for (const name of names) {
    t.strictSame(diff(before, { ...before, [name]: after[name] }), {
      changes: { [name]: after[name] },
      previous: { [name]: before[name] },
    });
  }
  t.same(
    Object.keys(diff(before, after)?.changes ?? {}).sort(),
    [...names, 'metadata', 'streamCredentials'].sort(),
  );
});

t.test('of a nested field only what changed', async (t) => {
  const changed = { ...drone, metadata: { ...drone.metadata, alias: 'south' } };
  t.strictSame(diff(drone, changed), {
    changes: { metadata: { alias: 'south' } },
    previous: { metadata: { alias: 'north gate' } },
  });
  const opened = { ...drone, streamCredentials: { ...drone.streamCredentials, password: 'open' } };
  t.strictSame(diff(drone, opened), {
    changes: { streamCredentials: { password: 'open' } },
    previous: { streamCredentials: { password: 'sesame' } },
  });
});

t.test('arrays count as a whole, with their order', async (t) => {
  t.strictSame(diff(drone, { ...drone, detectionClasses: [0, 2, 79] }), {
    changes: { detectionClasses: [0, 2, 79] },
    previous: { detectionClasses: [0, 79, 2] },
  });
  t.strictSame(diff(drone, { ...drone, cameras: [] })?.changes, { cameras: [] });
});

/** What a caller may set, of two drones, is the same. */
const agree = (a: Drone, b: unknown): boolean =>
  isDeepStrictEqual(mergePatch(a, SETTLED), mergePatch(b, SETTLED));
const SETTLED = { id: '', createdAt: '', updatedAt: '', revision: 0 };

t.test('applied to the old drone it gives the new one, and back', async () => {
  fc.assert(
    fc.property(arbitraryDrone, arbitraryDrone, (before, after) => {
      const { changes = {}, previous = {} } = diff(before, after) ?? {};
      return agree(after, mergePatch(before, changes)) && agree(before, mergePatch(after, previous));
    }),
    { numRuns: 500 },
  );
});

t.test('names nothing that did not change', async () => {
  fc.assert(
    fc.property(arbitraryDrone, arbitraryPatch, (before, patch) => {
      const after = applyPatch(before, patch, NOW);
      const difference = diff(before, after);
      if (!difference) return agree(before, after);
      const { changes, previous } = difference;
      return !agree(before, after) && differEverywhere(changes, previous);
    }),
    { numRuns: 500 },
  );
});

function differEverywhere(changes: object, previous: object): boolean {
  const [names, others] = [Object.keys(changes), Object.keys(previous)];
  if (names.length === 0 || !isDeepStrictEqual(names, others)) return false;
  return names.every((name) => {
    const [now, before] = [changes, previous].map((values) => (values as Record<string, unknown>)[name]);
    const isNested = typeof now === 'object' && now !== null && !Array.isArray(now);
    return isNested ? differEverywhere(now, before as object) : !isDeepStrictEqual(now, before);
  });
}
