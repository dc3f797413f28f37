import { createHash } from 'node:crypto';
import type { Incident } from '@dronecast/events';
import { ObjectId } from 'mongodb';

export interface IncidentDocument extends Omit<Incident, 'id' | 'capturedAt' | 'createdAt'> {
  _id: ObjectId;
  capturedAt: Date;
  createdAt: Date;
}

export function toIncidentDocument({ id, capturedAt, createdAt, ...rest }: Incident): IncidentDocument {
  return { _id: new ObjectId(id), ...rest, capturedAt: new Date(capturedAt), createdAt: new Date(createdAt) };
}

export function toIncident({ _id, capturedAt, createdAt, ...rest }: IncidentDocument): Incident {
  return {
    id: _id.toHexString(),
    ...rest,
    capturedAt: capturedAt.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}

const isNumbers = (value: unknown, length: number): value is number[] =>
  Array.isArray(value) && value.length === length && value.every((item) => Number.isFinite(item));

function toDate(...candidates: unknown[]): Date {
  for (const candidate of candidates) {
    const date = candidate instanceof Date ? candidate : new Date(String(candidate));
    if (!Number.isNaN(date.getTime())) return date;
  }
  return new Date(0);
}

/**
 * An incident that the older service kept inside its drone. What it lacks is filled in; an id that it lacks is derived
 * from its content, so that reading it again gives the same one.
 */
export function fromEmbedded(embedded: Record<string, unknown>, serialNumber: string): IncidentDocument {
  const {
    _id,
    imageUrl,
    coordinates,
    objectBBox,
    classId,
    label,
    confidence,
    capturedAt,
    timestamp,
    createdAt,
  } = embedded;
  const digest = createHash('sha256')
    .update(`${serialNumber}\n${JSON.stringify(embedded)}`)
    .digest('hex');
  const id = _id instanceof ObjectId ? _id : new ObjectId(digest.slice(0, 24));
  const point = (coordinates as { coordinates?: unknown } | undefined)?.coordinates ?? coordinates;
  const captured = toDate(
    capturedAt,
    timestamp,
    createdAt,
    _id instanceof ObjectId ? _id.getTimestamp() : undefined,
  );
  return {
    _id: id,
    serialNumber,
    imageUrl: typeof imageUrl === 'string' ? imageUrl : '',
    ...(isNumbers(point, 2) && { coordinates: { type: 'Point', coordinates: point as [number, number] } }),
    objectBBox: (isNumbers(objectBBox, 4) ? objectBBox : [0, 0, 0, 0]) as IncidentDocument['objectBBox'],
    ...(Number.isInteger(classId) && { classId: classId as number }),
    ...(typeof label === 'string' && { label }),
    ...(typeof confidence === 'number' && { confidence }),
    capturedAt: captured,
    createdAt: toDate(createdAt, captured),
  };
}
