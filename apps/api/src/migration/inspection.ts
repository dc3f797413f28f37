import { SerialNumber } from '@dronecast/events';
import { collectErrors, type FieldError, registerFormats } from '@dronecast/runtime';
import { type TSchema, Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { DroneRegistration } from '../drone/drone-input.js';
import { IncidentReport } from '../drone/incident-input.js';

/** What only the store, or the older service, keeps in a document. */
const OWN_FIELDS = new Set([
  ...['_id', '__v', 'createdAt', 'updatedAt', 'revision', 'incidents'],
  ...['publicId', 'seq', 'queuedBytes', 'outbox', 'pendingSince', 'deletedAt'],
]);
/** What the older service gave an incident, beside what is in a report. */
const OWN_INCIDENT_FIELDS = new Set([
  '_id',
  '__v',
  'id',
  'serialNumber',
  'timestamp',
  'createdAt',
  'updatedAt',
]);

registerFormats();
/** Earlier versions registered a few serial numbers that can't be registered now. */
const drone = TypeCompiler.Compile(
  Type.Object(
    { ...DroneRegistration.properties, deviceSerialNumber: SerialNumber },
    { additionalProperties: false },
  ),
);
const incident = TypeCompiler.Compile(IncidentReport);

/** What the store reads as absent: null, and the ids that Mongoose gives nested documents. */
function plain(value: unknown, isOwn: (name: string) => boolean): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plain(item, isOwn));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name, field]) => field != null && !isOwn(name));
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field, (inner) => inner === '_id')]));
}

const errorsOf = <T extends TSchema>(check: TypeCheck<T>, value: unknown): FieldError[] =>
  collectErrors(check.Errors(value));

/**
 * Says what in a document of the older service's `drones` collection this service would refuse if a caller sent it.
 * What is missing or null is not among it: defaults stand in for that. No value is quoted.
 */
export function inspectDocument(document: Readonly<Record<string, unknown>>): FieldError[] {
  const { incidents, seq } = document;
  if (seq != null) return []; // This service has written it since.
  const fields = plain(document, (name) => OWN_FIELDS.has(name)) as Record<string, unknown>;
  // The store reads a missing name as the serial number, and a missing category as DRONE.
  const filled = { deviceName: fields.deviceSerialNumber, deviceCategory: 'DRONE', ...fields };
  const errors = errorsOf(drone, filled);
  if (incidents == null) return errors;
  if (!Array.isArray(incidents)) return [...errors, { pointer: '/incidents', message: 'must be an array' }];
  return [
    ...errors,
    ...incidents.flatMap((embedded, index) =>
      errorsOf(
        incident,
        plain(embedded, (name) => OWN_INCIDENT_FIELDS.has(name)),
      ).map(({ pointer, message }) => ({ pointer: `/incidents/${index}${pointer}`, message })),
    ),
  ];
}
