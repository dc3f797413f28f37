import { isSerialNumber, SerialNumber } from '@dronecast/events';
import { Problem, ValidationError } from '@dronecast/runtime';
import { type EventTooLarge, MAX_EVENT_BYTES } from '../drone/event-size.js';
import type { DroneKey } from '../store/drone-store.js';

/** The refusals of the API that no schema makes. */
const SERIAL_NUMBER_RULE = `must be ${SerialNumber.description}`;

/** Names the parameter when no drone can be registered under the serial number. */
export const droneNotFound = (key: DroneKey): Error =>
  'id' in key || isSerialNumber(key.serialNumber)
    ? new Problem(404, 'drone_not_found', 'No such drone')
    : new ValidationError([{ pointer: '/sn', message: SERIAL_NUMBER_RULE }]);

/** No channel and no filter can name such a drone, so nobody would hear of the change. */
export const serialNumberNotAddressable = (serialNumber: string) =>
  new Problem(
    409,
    'serial_number_not_addressable',
    `Events cannot name the serial number ${JSON.stringify(serialNumber)}, so the drone can be read but not changed. Give it another serial number in the database`,
    { errors: [{ pointer: '/deviceSerialNumber', message: SERIAL_NUMBER_RULE }] },
  );

export const notOwned = () =>
  new Problem(403, 'forbidden', 'The serial number is none of yours', {
    errors: [{ pointer: '/deviceSerialNumber', message: 'is not covered by your token' }],
  });

export const serialNumberTaken = (serialNumber: string) =>
  new Problem(409, 'serial_number_taken', `A drone with serial number ${serialNumber} exists already`, {
    errors: [{ pointer: '/deviceSerialNumber', message: 'is taken' }],
  });

export const preconditionFailed = () =>
  new Problem(412, 'precondition_failed', 'The drone has another revision than If-Match asks for');

export const idempotencyKeyReused = () =>
  new Problem(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was used with another body before: send a new key with a new request',
  );

export const outboxFull = () =>
  new Problem(503, 'outbox_full', 'Too many events of this drone wait for the bus', { retryAfterSeconds: 5 });

export const contended = () =>
  new Problem(503, 'contended', 'Too many writers change this drone at once', { retryAfterSeconds: 1 });

export const listsBusy = () =>
  new Problem(503, 'busy', 'This process is reading too many lists at once', { retryAfterSeconds: 1 });

export const bulkBusy = () =>
  new Problem(503, 'busy', 'Not begun: this process has too many bulk changes waiting', {
    retryAfterSeconds: 1,
  });

export const bulkTimeOver = () =>
  new Problem(503, 'not_begun', "Not begun: the call's time was over. Send what is left in another call", {
    retryAfterSeconds: 1,
  });

export const shuttingDown = () =>
  new Problem(503, 'shutting_down', 'Not begun: this process is shutting down. Send it again', {
    retryAfterSeconds: 1,
  });

export const jsonTooDeep = (levels: number) =>
  new Problem(400, 'json_too_deep', `The body is nested more than ${levels} levels deep`, {
    errors: [{ pointer: '', message: `must be nested at most ${levels} levels deep` }],
  });

/** Nobody receives this answer. Proxies log the same status for a closed connection. */
export const callerGone = () => new Problem(499, 'caller_gone', 'The caller closed the connection');

export const fieldTaken = (field: string) =>
  new Problem(
    409,
    'conflict',
    `Another drone has the same ${field}, and a unique index of the database forbids that`,
    { errors: [{ pointer: `/${field.replaceAll('.', '/')}`, message: 'is taken' }] },
  );

export function eventTooLarge({ event, bytes, field }: EventTooLarge): Problem {
  const wayOut = event === 'drone.updated' ? '. To replace a large value, clear the field first' : '';
  return new Problem(
    413,
    'event_too_large',
    `The ${event} event would be ${bytes} bytes, the limit is ${MAX_EVENT_BYTES}. Make ${field} smaller${wayOut}`,
    { errors: [{ pointer: `/${field}`, message: 'takes up most of the event' }] },
  );
}

export const tooSlow = () =>
  new Problem(503, 'store_unavailable', 'The database did not answer in time', { retryAfterSeconds: 5 });

export const storeUnavailable = (cause: unknown) =>
  new Problem(503, 'store_unavailable', 'The database is away', { retryAfterSeconds: 5, cause });

/** Who may not read those drones must not learn of them here: the readiness check and the log name them for operators. */
export const serialNumbersShared = (cause: unknown) =>
  new Problem(
    503,
    'serial_numbers_shared',
    'Documents in the database share a serial number. Nothing can be written until an operator deletes or renumbers all but one of each; /health/ready names them',
    { retryAfterSeconds: 5, cause },
  );

export const busUnavailable = (cause: unknown) =>
  new Problem(503, 'bus_unavailable', 'The event bus is away', { retryAfterSeconds: 5, cause });
