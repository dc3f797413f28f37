import { registerFormats } from '@dronecast/runtime';
import { Value } from '@sinclair/typebox/value';
import fc from 'fast-check';
import t from 'tap';
import { diff } from '../src/drone/diff.js';
import { DEFAULTS, Drone } from '../src/drone/drone.js';
import { DronePatch, DroneRegistration } from '../src/drone/drone-input.js';
import { applyPatch, createDrone } from '../src/drone/edit.js';
import { arbitraryDrone, arbitraryPatch } from './arbitrary-drone.js';
import { fullDrone, newId } from './samples.js';

registerFormats();

const NOW = '2026-05-01T12:00:00.000Z';
const ID = newId();
const required = { deviceSerialNumber: 'DRN-1', deviceName: 'One', deviceCategory: 'Drone' };
const drone = fullDrone('DRN-1');
const patched = (patch: DronePatch): Drone => applyPatch(drone, patch, NOW);

t.test('a registration with what is required gets defaults', async (t) => {
  t.strictSame(createDrone(required, ID, NOW), {
    id: ID,
    deviceSerialNumber: 'DRN-1',
    deviceName: 'One',
    deviceCategory: 'DRONE',
    metadata: { alias: '', description: '' },
    isUsingAiDetection: false,
    streamIsOn: false,
    streamUrl: '',
    webRTCUrl: '',
    streamCredentials: { userName: '', password: '', port: '8554' },
    cameras: [],
    detectionClasses: [],
    createdAt: NOW,
    updatedAt: NOW,
    revision: 1,
  });
});

t.test('a registration takes part of a nested field, and null for a default', async (t) => {
  const created = createDrone(
    {
      ...required,
      metadata: { alias: 'gate', description: null },
      streamCredentials: { password: 'sesame', port: 554 },
      streamIsOn: null,
      cameras: null,
    },
    ID,
    NOW,
  );
  t.match(created, {
    metadata: { alias: 'gate', description: '' },
    streamCredentials: { userName: '', password: 'sesame', port: '554' },
    streamIsOn: false,
    cameras: [],
  });
});

t.test('a category folds', async (t) => {
  for (const [written, stored] of [
    ['Drone', 'DRONE'],
    ['body Cam', 'BODY CAM'],
    ['cctv', 'CCTV'],
    ['CCTV', 'CCTV'],
  ] as const) {
    t.equal(createDrone({ ...required, deviceCategory: written }, ID, NOW).deviceCategory, stored);
    t.equal(patched({ deviceCategory: written }).deviceCategory, stored);
  }
});

t.test('a patch changes what it names and nothing else', async (t) => {
  t.strictSame(patched({ deviceName: 'New' }), {
    ...drone,
    deviceName: 'New',
    updatedAt: NOW,
    revision: drone.revision + 1,
  });
  t.strictSame(patched({ metadata: { alias: 'south' } }).metadata, { ...drone.metadata, alias: 'south' });
  t.strictSame(patched({ metadata: {} }).metadata, drone.metadata);
  t.strictSame(patched({ streamCredentials: { password: 'open' } }).streamCredentials, {
    ...drone.streamCredentials,
    password: 'open',
  });
});

t.test('arrays are replaced', async (t) => {
  t.strictSame(patched({ cameras: ['rear'], detectionClasses: [] }).cameras, ['rear']);
  t.strictSame(patched({ cameras: ['rear'], detectionClasses: [] }).detectionClasses, []);
});

t.test('null resets a field, also a nested one', async (t) => {
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const reset = patched({ [name]: null } as DronePatch);
    t.strictSame(reset[name as keyof typeof DEFAULTS], value, name);
  }
  t.strictSame(patched({ metadata: { alias: null } }).metadata, { ...drone.metadata, alias: '' });
  t.strictSame(patched({ streamCredentials: { userName: null, port: null } }).streamCredentials, {
    userName: '',
    password: 'sesame',
    port: '8554',
  });
});

t.test('a port is stored as text', async (t) => {
  t.equal(patched({ streamCredentials: { port: 65_535 } }).streamCredentials.port, '65535');
  t.equal(patched({ streamCredentials: { port: '554' } }).streamCredentials.port, '554');
  t.equal(diff(drone, patched({ streamCredentials: { port: 9554 } })), undefined, 'the same port as before');
});

t.test('what the system settles cannot be patched', async (t) => {
  const forged = { id: newId(), deviceSerialNumber: 'DRN-2', createdAt: NOW, revision: 99, owner: 'me' };
  t.strictSame(patched(forged as object), {
    ...drone,
    deviceSerialNumber: 'DRN-2', // Immutable by the schema of a patch, see below.
    updatedAt: NOW,
    revision: drone.revision + 1,
  });
  for (const [name, value] of Object.entries(forged)) {
    t.notOk(Value.Check(DronePatch, { [name]: value }), name);
  }
});

t.test('edits leave the drone before them, the patch and the defaults alone', async (t) => {
  const before = structuredClone({ drone, DEFAULTS });
  patched({ metadata: { alias: 'x' }, cameras: ['y'], streamCredentials: null, detectionClasses: null });
  t.strictSame({ drone, DEFAULTS }, before);
});

t.test('any patch that the schema lets through makes a valid drone, once', async () => {
  fc.assert(
    fc.property(arbitraryDrone, arbitraryPatch, (drone, patch) => {
      const once = applyPatch(drone, patch, NOW);
      const twice = applyPatch(once, patch, NOW);
      return (
        Value.Check(DronePatch, patch) &&
        Value.Check(Drone, once) &&
        diff(once, twice) === undefined &&
        once.revision === drone.revision + 1
      );
    }),
    { numRuns: 500 },
  );
});

t.test('a registration and a later patch with the same fields come to the same drone', async () => {
  fc.assert(
    fc.property(arbitraryPatch, (patch) => {
      const registration = { ...required, ...patch };
      const bare = createDrone(required, ID, NOW);
      return (
        Value.Check(DroneRegistration, registration) &&
        diff(createDrone(registration, ID, NOW), applyPatch(bare, patch, NOW)) === undefined
      );
    }),
  );
});
