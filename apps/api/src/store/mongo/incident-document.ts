import { createHash } from 'node:crypto';
import { Coordinates, type Incident } from '@dronecast/events';
import { Value } from '@sinclair/typebox/value';
import { ObjectId } from 'mongodb';
import { type DocumentId, NO_OBJECT_ID, timeOf, toPublicId } from './document-id.js';
import {
  CLASS_ID,
  createReader,
  type Fields,
  isFields,
  type Kind,
  NUMBER,
  OBJECT_ID,
  type Reader,
  SHARE,
  TEXT,
  type Tell,
  TIME,
} from './fields.js';
import { NO_TIME } from './stored-time.js';

/** As this service writes it. */
export interface NewIncident extends Omit<Incident, 'id' | 'capturedAt' | 'createdAt'> {
  _id: ObjectId;
  capturedAt: Date;
  createdAt: Date;
}

/** What an older service's document is sorted and found by, because its own fields have other names or types. */
export interface IncidentKey {
  readonly id: ObjectId;
  readonly serialNumber: string;
  readonly capturedAt: Date;
}

/** A document as it may be found: the older service may have had an `incidents` collection of its own. */
export interface IncidentDocument {
  readonly _id: DocumentId;
  readonly [field: string]: unknown;
}

export function toIncidentDocument({ id, capturedAt, createdAt, ...rest }: Incident): NewIncident {
  return { _id: new ObjectId(id), ...rest, capturedAt: new Date(capturedAt), createdAt: new Date(createdAt) };
}

type Box = Incident['objectBBox'];
type Point = NonNullable<Incident['coordinates']>;

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isFinite);

const BOX: Kind<Box> = {
  expected: '[x, y, width, height] in pixels',
  read: (value) => (isNumbers(value) && value.length === 4 ? (value as Box) : undefined),
};

/** A point and, in old documents, its altitude. */
interface Place {
  readonly coordinates?: Point;
  readonly altitude?: number;
}
const isPoint = (value: unknown): value is Point => Value.Check(Coordinates, value);

const PLACE: Kind<Place> = {
  expected: 'a GeoJSON Point [longitude, latitude]',
  read: (value) =>
    isFields(value) && isPoint({ type: value.type, coordinates: value.coordinates })
      ? { coordinates: { type: 'Point', coordinates: value.coordinates as Point['coordinates'] } }
      : undefined,
  /** Without the `Point`, with an altitude, or both. */
  convert(value) {
    const numbers = isFields(value) ? value.coordinates : value;
    if (!isNumbers(numbers) || numbers.length > 3) return undefined;
    const [longitude, latitude, altitude] = numbers;
    const coordinates = { type: 'Point', coordinates: [longitude, latitude] };
    if (!isPoint(coordinates)) return undefined;
    return { coordinates, ...(altitude !== undefined && { altitude }) };
  },
};

/** What a detector saw, apart from where it is kept. */
function readReport({ take }: Reader) {
  const imageUrl = take('imageUrl', TEXT, '');
  const place: Place = take('coordinates', PLACE, {});
  const altitude = take('altitude', NUMBER, place.altitude);
  const objectBBox: Box = take('objectBBox', BOX, [0, 0, 0, 0]);
  const classId = take('classId', CLASS_ID, undefined);
  const label = take('label', TEXT, undefined);
  const confidence = take('confidence', SHARE, undefined);
  return {
    imageUrl,
    ...(place.coordinates && { coordinates: place.coordinates }),
    ...(altitude !== undefined && { altitude }),
    objectBBox,
    ...(classId !== undefined && { classId }),
    ...(label !== undefined && { label }),
    ...(confidence !== undefined && { confidence }),
  };
}

/** The first time that is there and can be read, and when the document was made. */
function readTimes({ take }: Reader, madeAt: Date) {
  const [capturedAt, timestamp, createdAt] = ['capturedAt', 'timestamp', 'createdAt'].map((name) =>
    take(name, TIME, undefined),
  );
  const captured = capturedAt ?? timestamp ?? createdAt ?? madeAt;
  return { capturedAt: captured, createdAt: createdAt ?? captured };
}

const READ_AS: Kind<IncidentKey> = {
  expected: 'what this service finds the incident by',
  read: (value) =>
    isFields(value) &&
    value.id instanceof ObjectId &&
    typeof value.serialNumber === 'string' &&
    TIME.read(value.capturedAt)
      ? (value as unknown as IncidentKey)
      : undefined,
};

/** The one reader of the collection's documents. Undefined for one that names no drone. */
export function readIncident(document: IncidentDocument, tell: Tell): Incident | undefined {
  const { _id } = document;
  const reader = createReader(document, '', tell);
  const readAs = reader.take('readAs', READ_AS, undefined);
  if (!(_id instanceof ObjectId)) tell('/_id', NO_OBJECT_ID);
  const serialNumber = reader.take('serialNumber', TEXT, '') || reader.take('deviceSerialNumber', TEXT, '');
  const { serialNumber: own, capturedAt: time } = document;
  if (!own) tell('/serialNumber', 'must be a string that is not empty; deviceSerialNumber stands in for it');
  if (time === undefined || time === null)
    tell('/capturedAt', 'must be a date; timestamp, createdAt or the time of the _id stands in for it');
  const times = readTimes(reader, timeOf(_id) ?? NO_TIME);
  if (serialNumber === '') return undefined;
  return {
    id: (readAs?.id ?? toPublicId(_id)).toHexString(),
    serialNumber: readAs?.serialNumber ?? serialNumber,
    ...readReport(reader),
    capturedAt: (readAs?.capturedAt ?? times.capturedAt).toISOString(),
    createdAt: times.createdAt.toISOString(),
  };
}

/** Members that say nothing of what was seen: an element with no others refers to an incident that is kept elsewhere. */
const REFERENCE = new Set(['_id', '__v', 'id', '$ref', '$id', '$db']);

/** An incident that the older service kept inside its drone, as opposed to a reference, or anything else. */
export const isEmbedded = (element: unknown): element is Fields =>
  isFields(element) && Object.keys(element).some((name) => !REFERENCE.has(name));

/** The message for an element that is not an embedded incident. */
export const NOT_EMBEDDED = 'must be an object that says what was seen';

/** The drone that an embedded incident is in. */
export interface Holder {
  readonly serialNumber: string;
  /** Stands in for a time that the incident does not have. */
  readonly madeAt: Date | undefined;
}

/** The incident's own `_id`. If it has none, one derived from its content, so that each read gives the same. */
export function embeddedId(embedded: Fields, serialNumber: string): ObjectId {
  if (embedded._id instanceof ObjectId) return embedded._id;
  const digest = createHash('sha256')
    .update(`${serialNumber}\n${JSON.stringify(embedded)}`)
    .digest('hex');
  return new ObjectId(digest.slice(0, 24));
}

/** `at` is where the incident is, as a JSON pointer. What it lacks is filled in. */
export function fromEmbedded(
  embedded: Fields,
  { serialNumber, madeAt = NO_TIME }: Holder,
  at: string,
  tell: Tell,
): NewIncident {
  const reader = createReader(embedded, at, tell);
  reader.take('_id', OBJECT_ID, undefined);
  return {
    _id: embeddedId(embedded, serialNumber),
    serialNumber,
    ...readReport(reader),
    ...readTimes(reader, timeOf(embedded._id) ?? madeAt),
  };
}
