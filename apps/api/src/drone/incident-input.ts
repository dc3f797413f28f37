import { Altitude, CocoClass, type Incident, Latitude, Longitude } from '@dronecast/events';
import { Problem } from '@dronecast/runtime';
import { type Static, Type } from '@sinclair/typebox';

const offset = Type.Number({ description: 'a number of pixels' });
const extent = Type.Number({ minimum: 0, description: 'a number of pixels, 0 or more' });

export const DateTime = Type.String({
  format: 'date-time',
  description:
    'an RFC 3339 date and time in the years 0001 to 9999 of UTC; 23:59:60 is taken as 23:59:59.999',
});

/** A GeoJSON Point (RFC 7946 section 3.1.1), whose third number is the altitude. */
const ReportedPoint = Type.Object(
  {
    type: Type.Literal('Point'),
    coordinates: Type.Union(
      [Type.Tuple([Longitude, Latitude]), Type.Tuple([Longitude, Latitude, Altitude])],
      { description: '[longitude, latitude] or [longitude, latitude, altitude]' },
    ),
  },
  { additionalProperties: false, description: 'a GeoJSON Point' },
);

/** Body of a new incident. */
export const IncidentReport = Type.Object(
  {
    imageUrl: Type.String({ format: 'uri', maxLength: 2048, description: 'an http or https URL' }),
    coordinates: Type.Optional(ReportedPoint),
    altitude: Type.Optional(Altitude),
    objectBBox: Type.Tuple([offset, offset, extent, extent], {
      description: '[x, y, width, height] in pixels',
    }),
    classId: Type.Optional(CocoClass),
    label: Type.Optional(Type.String({ maxLength: 200, description: 'a string of at most 200 characters' })),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'a number from 0 to 1' })),
    capturedAt: Type.Optional(DateTime),
  },
  {
    additionalProperties: false,
    description: 'a JSON object',
    examples: [
      {
        imageUrl: 'https://images.example.com/42/7.jpg',
        coordinates: { type: 'Point', coordinates: [8.54, 47.37, 120.5] },
        objectBBox: [120, 80, 64, 128],
        classId: 0,
        label: 'person',
        confidence: 0.91,
        capturedAt: '2026-03-01T10:00:00.000Z',
      },
    ],
  },
);
export type IncidentReport = Static<typeof IncidentReport>;

/**
 * Where a report says that the object was. Events have had pairs of coordinates from the start, so the altitude is a field
 * of its own. Throws a Problem (422) when two altitudes are given that differ, which no schema can say.
 */
export function positionOf({
  coordinates: point,
  altitude,
}: IncidentReport): Pick<Incident, 'coordinates' | 'altitude'> {
  const [longitude = 0, latitude = 0, third]: readonly number[] = point?.coordinates ?? [];
  if (altitude !== undefined && third !== undefined && altitude !== third) {
    const message = 'must be the third number of coordinates, or left out';
    throw new Problem(422, 'altitudes_differ', `/altitude ${message}`, {
      errors: [{ pointer: '/altitude', message }],
    });
  }
  const metres = altitude ?? third;
  return {
    ...(point && { coordinates: { type: 'Point', coordinates: [longitude, latitude] } }),
    ...(metres !== undefined && { altitude: metres }),
  };
}
