import { type Access, owns } from '@dronecast/auth';
import { isSerialNumber } from '@dronecast/events';
import type { Drone } from '../drone/drone.js';
import type { DroneKey } from '../store/drone-store.js';
import { droneNotFound, serialNumberNotAddressable } from './problems.js';

export const isMine = ({ deviceSerialNumber }: Drone, access: Access): boolean =>
  owns(access, deviceSerialNumber);

/** Throws the problem for a drone that is not the caller's, or whose change nobody could be told. */
export function requireChangeable(drone: Drone, key: DroneKey, access: Access): void {
  if (!isMine(drone, access)) throw droneNotFound(key);
  if (!isSerialNumber(drone.deviceSerialNumber)) throw serialNumberNotAddressable(drone.deviceSerialNumber);
}

/** The part of a list's query that leaves out what is not the caller's. */
export const ownedBy = ({ drones }: Access): { owned?: ReadonlySet<string> } =>
  drones.has('*') ? {} : { owned: drones };
