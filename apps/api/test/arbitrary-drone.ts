import { DEVICE_CATEGORIES } from '@dronecast/events';
import fc from 'fast-check';
import type { Drone } from '../src/drone/drone.js';
import type { DronePatch } from '../src/drone/drone-input.js';
import { newId } from './samples.js';

/** Plain objects, as JSON and the stores give them. */
const PLAIN = { noNullPrototype: true } as const;
const PARTIAL: { noNullPrototype: true; requiredKeys: [] } = { noNullPrototype: true, requiredKeys: [] };

// Few values of each kind, so that two drones often agree.
const text = fc.oneof(fc.constantFrom('', 'a', 'b', 'Ü 🚁 "\\'), fc.string({ maxLength: 5 }));
const port = fc.constantFrom('8554', '554', '1');
const url = fc.constantFrom('', 'rtsp://cam/1', 'rtsp://pilot:sesame@cam/1', 'https://sesame@media/whep');
const cameras = fc.array(text, { maxLength: 3 });
const detectionClasses = fc.uniqueArray(fc.integer({ min: 0, max: 79 }), { maxLength: 3 });
const time = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());

export const arbitraryDrone: fc.Arbitrary<Drone> = fc.record(
  {
    id: fc.constant(newId()),
    deviceSerialNumber: fc.constant('DRN-1'),
    deviceName: text,
    deviceCategory: fc.constantFrom(...DEVICE_CATEGORIES),
    metadata: fc.record({ alias: text, description: text }, PLAIN),
    isUsingAiDetection: fc.boolean(),
    streamIsOn: fc.boolean(),
    streamUrl: url,
    webRTCUrl: url,
    streamCredentials: fc.record({ userName: text, password: text, port }, PLAIN),
    cameras,
    detectionClasses,
    createdAt: time,
    updatedAt: time,
    revision: fc.nat(),
  },
  PLAIN,
);

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** Any patch that the API lets through. */
export const arbitraryPatch: fc.Arbitrary<DronePatch> = fc.record(
  {
    deviceName: fc.constantFrom('a', 'b', 'Ü 🚁 "\\'),
    deviceCategory: fc.constantFrom('DRONE', 'Drone', 'body cam', 'BODY CAM', 'cctv'),
    metadata: optional(fc.record({ alias: optional(text), description: optional(text) }, PARTIAL)),
    isUsingAiDetection: optional(fc.boolean()),
    streamIsOn: optional(fc.boolean()),
    streamUrl: optional(url),
    webRTCUrl: optional(url),
    streamCredentials: optional(
      fc.record(
        {
          userName: optional(text),
          password: optional(text),
          port: optional(fc.oneof(port, fc.constantFrom(8554, 554, 65_535))),
        },
        PARTIAL,
      ),
    ),
    cameras: optional(cameras),
    detectionClasses: optional(detectionClasses),
  },
  PARTIAL,
);
