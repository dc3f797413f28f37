import { owns } from '@dronecast/auth';
import type { Incident } from '@dronecast/events';
import type { Drone } from '../drone/drone.js';
import type { DroneQuery, IncidentQuery } from './drone-store.js';

const startsWith = (text: string, prefix: string): boolean =>
  text.toLowerCase().startsWith(prefix.toLowerCase());

export function matchesDrone(
  drone: Drone,
  { category, streamIsOn, isUsingAiDetection, prefix, owned }: DroneQuery,
): boolean {
  if (owned && !owns({ drones: owned }, drone.deviceSerialNumber)) return false;
  if (category !== undefined && drone.deviceCategory !== category) return false;
  if (streamIsOn !== undefined && drone.streamIsOn !== streamIsOn) return false;
  if (isUsingAiDetection !== undefined && drone.isUsingAiDetection !== isUsingAiDetection) return false;
  if (prefix === undefined) return true;
  return [drone.deviceSerialNumber, drone.deviceName, drone.metadata.alias].some((text) =>
    startsWith(text, prefix),
  );
}

export const matchesIncident = ({ classId, serialNumber }: Incident, query: IncidentQuery): boolean =>
  (query.classId === undefined || query.classId === classId) &&
  (query.owned === undefined || owns({ drones: query.owned }, serialNumber));
