import { isDeepStrictEqual } from 'node:util';
import type { Incident, PublicDrone } from '@dronecast/events';
import type { Device, Registration } from './fleet.js';
import type { Random } from './random.js';

/** What changes about a drone, as a merge patch. */
export type Patch = Partial<Pick<PublicDrone, 'streamIsOn' | 'isUsingAiDetection' | 'detectionClasses'>> & {
  readonly metadata?: { readonly description: string };
};

/** An incident but for its time, which is no part of what a seed repeats. */
export type Sighting = Omit<Incident, 'id' | 'serialNumber' | 'capturedAt' | 'createdAt'>;

export type Operation = { readonly serialNumber: string } & (
  | { readonly kind: 'register'; readonly body: Registration }
  | { readonly kind: 'patch'; readonly body: Patch }
  | { readonly kind: 'incident'; readonly body: Sighting }
);

const METRES_PER_DEGREE = 111_320;
/** Metres from home at which a device turns back. */
const RANGE = 2_000;

/** COCO's names of the classes that a fleet looks out for, at their ids. */
const LABELS: Readonly<Record<number, string>> = {
  ...['person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat'],
  24: 'backpack',
  28: 'suitcase',
};

const DESCRIPTIONS = ['On patrol', 'Holding position', 'Returning to base', 'Battery low', 'Lens cleaned'];

/** Incidents are the most frequent, as in a real fleet. */
const ACTIONS = ['see', 'see', 'see', 'see', 'stream', 'stream', 'ai', 'classes', 'metadata'] as const;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export const registrations = (fleet: readonly Device[]): Operation[] =>
  fleet.map(({ registration: body }) => ({ kind: 'register', serialNumber: body.deviceSerialNumber, body }));

/**
 * What happens to the fleet, without end. Each patch changes a drone that stands as it was registered; the same fleet
 * and seed always give the same story. `imageUrl` is the picture of each incident.
 */
export function* createScenario(
  fleet: readonly Device[],
  random: Random,
  imageUrl: string,
): Generator<Operation, never> {
  const actors = fleet.map((device) => createActor(device, random, imageUrl));
  for (;;) yield random.pick(actors)();
}

/** One device: where it is and what it was last told. */
function createActor(
  { registration, home, watchable, stride }: Device,
  random: Random,
  imageUrl: string,
): () => Operation {
  const serialNumber = registration.deviceSerialNumber;
  let { streamIsOn, isUsingAiDetection, detectionClasses } = registration;
  let { description } = registration.metadata;
  let [longitude, latitude] = home;
  let heading = random.between(0, 2 * Math.PI);

  /** A wandering course, back towards home when it has led too far. */
  function move(): void {
    const metresPerLongitude = METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
    const east = (home[0] - longitude) * metresPerLongitude;
    const north = (home[1] - latitude) * METRES_PER_DEGREE;
    heading = Math.hypot(east, north) > RANGE ? Math.atan2(east, north) : heading + random.between(-0.4, 0.4);
    const metres = random.between(0.5, 1) * stride;
    longitude += (metres * Math.sin(heading)) / metresPerLongitude;
    latitude += (metres * Math.cos(heading)) / METRES_PER_DEGREE;
  }

  function see(): Sighting {
    const classId = random.pick(detectionClasses);
    const label = LABELS[classId];
    return {
      imageUrl,
      coordinates: { type: 'Point', coordinates: [round(longitude, 6), round(latitude, 6)] },
      // Within the picture of 640 by 360.
      objectBBox: [
        random.integer(0, 500),
        random.integer(0, 250),
        random.integer(20, 130),
        random.integer(20, 100),
      ],
      classId,
      ...(label && { label }),
      confidence: round(random.between(0.5, 0.99), 2),
    };
  }

  const patches = {
    /** Detection ends with the stream. */
    stream(): Patch {
      const endsDetection = streamIsOn && isUsingAiDetection;
      streamIsOn = !streamIsOn;
      if (!endsDetection) return { streamIsOn };
      isUsingAiDetection = false;
      return { streamIsOn, isUsingAiDetection };
    },
    /** Detection starts the stream that it needs. */
    ai(): Patch {
      const startsStream = !streamIsOn;
      isUsingAiDetection = !isUsingAiDetection;
      streamIsOn = true;
      return startsStream ? { streamIsOn, isUsingAiDetection } : { isUsingAiDetection };
    },
    classes(): Patch {
      const before = detectionClasses;
      while (isDeepStrictEqual(detectionClasses, before)) detectionClasses = random.some(watchable);
      return { detectionClasses };
    },
    metadata(): Patch {
      description = random.pick(DESCRIPTIONS.filter((other) => other !== description));
      return { metadata: { description } };
    },
  };

  return function act() {
    move();
    const action = random.pick(ACTIONS);
    if (action === 'see' && isUsingAiDetection) return { kind: 'incident', serialNumber, body: see() };
    return { kind: 'patch', serialNumber, body: patches[action === 'see' ? 'ai' : action]() };
  };
}
