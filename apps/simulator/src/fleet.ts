import { DEVICE_CATEGORIES, type DeviceCategory, type Incident, type PublicDrone } from '@dronecast/events';
import type { Random } from './random.js';

/** [longitude, latitude] in degrees. */
type Position = NonNullable<Incident['coordinates']>['coordinates'];

/** Body of a registration. */
export type Registration = Omit<PublicDrone, 'id' | 'createdAt' | 'updatedAt' | 'revision'> & {
  readonly streamCredentials: { readonly userName: string; readonly password: string; readonly port: number };
};

interface Model {
  readonly prefix: string;
  /** Devices of one name are told apart by the number that stands for `#`. */
  readonly names: readonly string[];
  readonly cameras: readonly string[];
  /** COCO ids that make sense where it looks; its detection classes are some of them. */
  readonly watchable: readonly number[];
  /** Metres that it moves between two changes, at most. */
  readonly stride: number;
}

export interface Device extends Pick<Model, 'watchable' | 'stride'> {
  readonly registration: Registration;
  readonly home: Position;
}

const MODELS: Readonly<Record<DeviceCategory, Model>> = {
  DRONE: {
    prefix: 'DRN',
    names: ['Harbour Patrol #', 'Coast Watch #', 'Bridge Survey #', 'Rail Inspection #', 'River Scout #'],
    cameras: ['wide', 'zoom', 'thermal', 'night'],
    watchable: [0, 1, 2, 3, 5, 7, 8],
    stride: 120,
  },
  'BODY CAM': {
    prefix: 'CAM',
    names: ['Day Shift Officer #', 'Night Shift Officer #', 'Marina Team #', 'Customs Team #'],
    cameras: ['chest', 'shoulder'],
    watchable: [0, 1, 2, 24, 28],
    stride: 15,
  },
  CCTV: {
    prefix: 'CCTV',
    names: ['Gate # North', 'Gate # South', 'Quay # East', 'Warehouse # Door', 'Car Park # West'],
    cameras: ['fixed', 'ptz', 'infrared'],
    watchable: [0, 1, 2, 3, 5, 7, 28],
    stride: 0,
  },
};

const CALL_SIGNS = ['Kestrel', 'Heron', 'Osprey', 'Swift', 'Tern', 'Falcon', 'Plover', 'Merlin'];

/** More than half of a fleet flies. */
const CATEGORY_MIX: readonly DeviceCategory[] = ['DRONE', ...DEVICE_CATEGORIES, 'DRONE'];

/** The port of Rotterdam; homes lie around it. */
const CENTRE: Position = [4.4, 51.9];

/** The same size and seed always give the same fleet. */
export function createFleet(size: number, random: Random): Device[] {
  const counts = new Map<string, number>();

  function nextNumber(of: string): number {
    const number = (counts.get(of) ?? 0) + 1;
    counts.set(of, number);
    return number;
  }

  function createDevice(): Device {
    const deviceCategory = random.pick(CATEGORY_MIX);
    const { prefix, names, cameras, watchable, stride } = MODELS[deviceCategory];
    const deviceSerialNumber = `${prefix}-${String(nextNumber(prefix)).padStart(4, '0')}`;
    const name = random.pick(names);
    const path = deviceSerialNumber.toLowerCase();
    const streamIsOn = random.chance(0.5);
    const password = `demo-${random.integer(100_000, 999_999)}`;
    return {
      registration: {
        deviceSerialNumber,
        deviceName: name.replace('#', String(nextNumber(name))),
        deviceCategory,
        metadata: { alias: random.pick(CALL_SIGNS), description: 'Standing by' },
        streamIsOn,
        isUsingAiDetection: streamIsOn && random.chance(0.5),
        streamUrl: `rtsp://media.dronecast.example:8554/${path}`,
        webRTCUrl: `https://media.dronecast.example/${path}/whep`,
        streamCredentials: { userName: path, password, port: 8554 },
        cameras: random.some(cameras),
        detectionClasses: random.some(watchable),
      },
      home: [CENTRE[0] + random.between(-0.08, 0.08), CENTRE[1] + random.between(-0.04, 0.04)],
      watchable,
      stride,
    };
  }

  return Array.from({ length: size }, createDevice);
}
