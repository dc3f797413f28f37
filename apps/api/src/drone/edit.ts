import { DEFAULTS, type Drone, foldCategory } from './drone.js';
import type { DronePatch, DroneRegistration } from './drone-input.js';
import { unmaskUrls } from './masked-url.js';
import { mergePatch } from './merge-patch.js';

/** What is settled by the system, not by a caller. */
type Identity = Pick<Drone, 'id' | 'revision' | 'createdAt' | 'updatedAt'>;

/** The merged fields with defaults where something is absent or has been removed. */
function complete(
  fields: Partial<Drone> & Pick<Drone, 'deviceSerialNumber' | 'deviceName'>,
  identity: Identity,
): Drone {
  const credentials = { ...DEFAULTS.streamCredentials, ...fields.streamCredentials };
  return {
    id: identity.id,
    deviceSerialNumber: fields.deviceSerialNumber,
    deviceName: fields.deviceName,
    deviceCategory: foldCategory(fields.deviceCategory ?? ''),
    metadata: { ...DEFAULTS.metadata, ...fields.metadata },
    isUsingAiDetection: fields.isUsingAiDetection ?? DEFAULTS.isUsingAiDetection,
    streamIsOn: fields.streamIsOn ?? DEFAULTS.streamIsOn,
    streamUrl: fields.streamUrl ?? DEFAULTS.streamUrl,
    webRTCUrl: fields.webRTCUrl ?? DEFAULTS.webRTCUrl,
    streamCredentials: { ...credentials, port: String(credentials.port) },
    cameras: fields.cameras ?? DEFAULTS.cameras,
    detectionClasses: fields.detectionClasses ?? DEFAULTS.detectionClasses,
    createdAt: identity.createdAt,
    updatedAt: identity.updatedAt,
    revision: identity.revision,
  };
}

/** The drone that a registration describes, at revision 1. `now` is ISO 8601. Throws as {@link unmaskUrls}. */
export function createDrone(registration: DroneRegistration, id: string, now: string): Drone {
  const fields = unmaskUrls(registration, DEFAULTS);
  return complete(mergePatch({}, fields) as Drone, { id, revision: 1, createdAt: now, updatedAt: now });
}

/**
 * The drone after a patch, one revision on. Nested fields that the patch does not name are kept. Throws as
 * {@link unmaskUrls}.
 */
export function applyPatch(drone: Drone, patch: DronePatch, now: string): Drone {
  return complete(mergePatch(drone, unmaskUrls(patch, drone)) as Drone, {
    id: drone.id,
    revision: drone.revision + 1,
    createdAt: drone.createdAt,
    updatedAt: now,
  });
}
