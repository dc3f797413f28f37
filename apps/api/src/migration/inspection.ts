import { SerialNumber } from '@dronecast/events';
import { collectErrors, type FieldError, registerFormats } from '@dronecast/runtime';
import { type TSchema, Type } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import type { Document, IndexDescriptionInfo } from 'mongodb';
import { DroneRegistration } from '../drone/drone-input.js';
import { IncidentReport } from '../drone/incident-input.js';
import { isSealed } from '../drone/sealed.js';
import { timeOf } from '../store/mongo/document-id.js';
import { type DroneDocument, readDrone, readOutbox } from '../store/mongo/drone-document.js';
import { ARRAY, createReader, type Tell } from '../store/mongo/fields.js';
import {
  fromEmbedded,
  type IncidentDocument,
  isEmbedded,
  NOT_EMBEDDED,
  readIncident,
} from '../store/mongo/incident-document.js';
import { type CollectionName, findIndexConflicts } from '../store/mongo/indexes.js';

/** What only the store, or the older service, keeps in a document. */
const OWN_FIELDS = new Set([
  ...['_id', '__v', 'createdAt', 'updatedAt', 'revision', 'incidents', 'copiedIncidents'],
  ...['publicId', 'seq', 'queuedBytes', 'outbox', 'pendingSince', 'deletedAt', 'registration'],
]);
/** What the store, or the older service, gives an incident beside what is in a report. */
const OWN_INCIDENT_FIELDS = new Set([
  ...['_id', '__v', 'id', 'serialNumber', 'deviceSerialNumber', 'readAs', 'altitude'],
  ...['timestamp', 'createdAt', 'updatedAt'],
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

/** What the store reads as absent: null, and the ids that Mongoose gives nested documents. A sealed text has its limits behind it. */
function plain(value: unknown, isOwn: (name: string) => boolean): unknown {
  if (typeof value === 'string') return isSealed(value) ? '' : value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  if (Array.isArray(value)) return value.map((item) => plain(item, isOwn));
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([name, field]) => field != null && !isOwn(name));
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field, (inner) => inner === '_id')]));
}

/** Collects what readers tell, one finding for each field. */
function createFindings() {
  const errors: FieldError[] = [];
  const isCovered = (pointer: string): boolean =>
    errors.some((known) => pointer === known.pointer || pointer.startsWith(`${known.pointer}/`));
  const tell: Tell = (pointer, message) => {
    if (!isCovered(pointer)) errors.push({ pointer, message });
  };
  return {
    errors,
    tell,
    /** What this service would refuse if a caller sent it, apart from what the reader has told already. */
    check<T extends TSchema>(check: TypeCheck<T>, value: unknown, at = ''): void {
      for (const { pointer, message } of collectErrors(check.Errors(value))) tell(`${at}${pointer}`, message);
    },
  };
}

/**
 * Says what in a document of the `drones` collection the store would not take as it is, and what it would refuse if a caller
 * sent it. What is missing or null is not among it: defaults stand in for that. No value is quoted.
 */
export function inspectDrone(document: DroneDocument): FieldError[] {
  const { errors, tell, check } = createFindings();
  const { deviceSerialNumber: serialNumber, createdAt } = readDrone(document, tell);
  readOutbox(document, tell);
  const fields = plain(document, (name) => OWN_FIELDS.has(name)) as Record<string, unknown>;
  // The store reads a missing name as the serial number, and a missing category as DRONE.
  check(drone, { deviceName: fields.deviceSerialNumber ?? 'a name', deviceCategory: 'DRONE', ...fields });

  const embedded = createReader({ ...document }, '', tell).take('incidents', ARRAY, []);
  const holder = { serialNumber, madeAt: timeOf(document._id) ?? new Date(createdAt) };
  for (const [index, element] of embedded.entries()) {
    const at = `/incidents/${index}`;
    if (!isEmbedded(element)) {
      tell(at, NOT_EMBEDDED);
      continue;
    }
    fromEmbedded(element, holder, at, tell);
    check(
      incident,
      plain(element, (name) => OWN_INCIDENT_FIELDS.has(name)),
      at,
    );
  }
  return errors;
}

/** The same of a document of the `incidents` collection, of which this service has written those that read as they are. */
export function inspectIncident(document: IncidentDocument): FieldError[] {
  const { errors, tell, check } = createFindings();
  readIncident(document, tell);
  if (errors.length === 0) return errors;
  check(
    incident,
    plain(document, (name) => OWN_INCIDENT_FIELDS.has(name)),
  );
  return errors;
}

/** What of a collection as a whole is in this service's way; `indexes` are undefined where it has none, as a view. */
export function inspectCollection(
  name: CollectionName,
  { type, options }: { readonly type?: string; readonly options?: Document },
  indexes: readonly IndexDescriptionInfo[],
): { readonly name: string; readonly message: string }[] {
  const faults = [
    type !== undefined && type !== 'collection' && `is a ${type}: nothing can be written to it`,
    options?.capped && 'is capped: a document cannot grow, so that changes fail',
    options?.validator &&
      options.validationAction !== 'warn' &&
      'has a validator: it must allow the fields that this service adds, or changes fail',
    options?.collation && 'has a collation: serial numbers that it takes for equal are one',
  ].filter((message) => typeof message === 'string');
  return [
    ...faults.map((message) => ({ name: '-', message })),
    ...findIndexConflicts(name, indexes).map((conflict) => ({ ...conflict, name: `index ${conflict.name}` })),
  ];
}
