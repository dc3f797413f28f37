import type { Drone, paths } from '@dronecast/client';
import { createAttempt } from './attempt.js';
import { adopt, droneOf, pretend } from './fleet.js';
import { api, ask } from './requests.js';

type Route = paths['/api/v1/drones/sn/{sn}'];
/** A merge patch: what is not named stays. */
export type Patch = Route['patch']['requestBody']['content']['application/json'];
/** A device with its credentials; the password only for who may read it. */
export type FullDrone = Route['get']['responses']['200']['content']['application/json']['data']['drone'];
export type Registration =
  paths['/api/v1/drones/register']['post']['requestBody']['content']['application/json'];

/** Changes a device; given `base`, only if it has not been changed since. Throws RequestError, 412 if it has. */
export async function change(serialNumber: string, body: Patch, base?: Drone): Promise<void> {
  const answer = await ask(
    api.PATCH('/api/v1/drones/sn/{sn}', {
      params: {
        path: { sn: serialNumber },
        ...(base && { header: { 'if-match': `"${base.id}-${base.revision}"` } }),
      },
      body,
    }),
  );
  adopt(answer.data.drone);
}

/** As `change`, but shown at once, and taken back if it fails. */
export async function toggle(
  serialNumber: string,
  field: 'streamIsOn' | 'isUsingAiDetection',
  isOn: boolean,
): Promise<void> {
  const drone = droneOf(serialNumber);
  const undo = drone && pretend({ ...drone, [field]: isOn });
  try {
    await change(serialNumber, { [field]: isOn }, drone);
  } catch (error) {
    undo?.();
    throw error;
  }
}

export async function read(serialNumber: string): Promise<FullDrone> {
  const answer = await ask(api.GET('/api/v1/drones/sn/{sn}', { params: { path: { sn: serialNumber } } }));
  return answer.data.drone;
}

const sendRegistration = createAttempt((body: Registration, header) =>
  ask(api.POST('/api/v1/drones/register', { params: { header }, body })),
);

export async function register(body: Registration): Promise<void> {
  const answer = await sendRegistration(body);
  adopt(answer.data.drone);
}

type Announcement = paths['/api/v1/system/broadcast']['post']['requestBody']['content']['application/json'];

export const broadcast = createAttempt((body: Announcement, header) =>
  ask(api.POST('/api/v1/system/broadcast', { params: { header }, body })),
);

export const remove = (serialNumber: string): Promise<unknown> =>
  ask(api.DELETE('/api/v1/drones/sn/{sn}', { params: { path: { sn: serialNumber } } }));
