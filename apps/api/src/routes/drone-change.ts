import type { FastifyRequest } from 'fastify';
import { fieldNames } from '../drone/diff.js';
import type { Drone } from '../drone/drone.js';
import type { DronePatch } from '../drone/drone-input.js';
import type { DroneService, Precondition } from '../service/drone-service.js';
import type { DroneKey } from '../store/drone-store.js';
import { audit, auditUnknown, named } from './audit.js';

export interface DroneChange {
  readonly key: DroneKey;
  readonly patch: DronePatch;
  readonly isMeant: Precondition;
}

/** Changes a drone in the name of a request's caller, and audits it once it is committed. Resolves with the drone then. */
export async function changeDrone(
  service: Pick<DroneService, 'patch'>,
  request: FastifyRequest,
  { key, patch, isMeant }: DroneChange,
  signal: AbortSignal,
): Promise<Drone> {
  const { drone, fields } = await auditUnknown(
    request,
    { action: 'update', ...named(key), fields: fieldNames(patch) },
    service.patch(key, patch, isMeant, request.access, signal),
  );
  const { deviceSerialNumber: serialNumber, revision } = drone;
  if (fields.length > 0) audit(request, { action: 'update', serialNumber, revision, fields });
  return drone;
}
