import { Problem } from '@dronecast/runtime';

/** The refusals of the API that are not about a request's form. */
export const droneNotFound = () => new Problem(404, 'drone_not_found', 'No such drone');

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
  new Problem(422, 'idempotency_key_reused', 'This Idempotency-Key came with another incident before');

export const outboxFull = () =>
  new Problem(503, 'outbox_full', 'Too many events of this drone wait for the bus', { retryAfterSeconds: 5 });

export const contended = () =>
  new Problem(503, 'contended', 'Too many writers change this drone at once', { retryAfterSeconds: 1 });

export const storeUnavailable = (cause: unknown) =>
  new Problem(503, 'store_unavailable', 'The database is away', { retryAfterSeconds: 5, cause });

export const busUnavailable = (cause: unknown) =>
  new Problem(503, 'bus_unavailable', 'The event bus is away', { retryAfterSeconds: 5, cause });
