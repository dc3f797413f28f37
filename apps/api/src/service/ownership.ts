import { type Access, owns } from '@dronecast/auth';
import type { Drone } from '../drone/drone.js';

export const isMine = ({ deviceSerialNumber }: Drone, access: Access): boolean =>
  owns(access, deviceSerialNumber);

/** The part of a list's query that leaves out what is not the caller's. */
export const ownedBy = ({ drones }: Access): { owned?: ReadonlySet<string> } =>
  drones.has('*') ? {} : { owned: drones };
