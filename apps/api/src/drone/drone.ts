import { type DeviceCategory, PublicDrone } from '@dronecast/events';
import { type Static, Type } from '@sinclair/typebox';

/** Needed to open the device's stream; a port is text, as existing clients expect. */
export const StreamCredentials = Type.Object({
  userName: Type.String(),
  password: Type.String(),
  port: Type.String({ description: 'TCP port as text' }),
});

/** A drone as it is stored: what the public sees, and its secrets. */
export const Drone = Type.Object({ ...PublicDrone.properties, streamCredentials: StreamCredentials });
export type Drone = Static<typeof Drone>;

/** What a caller may set. */
export type DroneFields = Omit<Drone, 'id' | 'deviceSerialNumber' | 'createdAt' | 'updatedAt' | 'revision'>;

export const DEFAULT_STREAM_PORT = '8554';

/** What an optional field holds until it is set, and again after a PATCH with `null`. */
export const DEFAULTS = {
  metadata: { alias: '', description: '' },
  isUsingAiDetection: false,
  streamIsOn: false,
  streamUrl: '',
  webRTCUrl: '',
  streamCredentials: { userName: '', password: '', port: DEFAULT_STREAM_PORT },
  cameras: [] as string[],
  detectionClasses: [] as number[],
} as const;

/** Existing clients write `Drone`, `Body Cam`: any case is accepted, upper case is stored. */
export const foldCategory = (category: string): DeviceCategory => category.toUpperCase() as DeviceCategory;
