import { CocoClass, Coordinates } from '@dronecast/events';
import { type Static, Type } from '@sinclair/typebox';

const offset = Type.Number({ description: 'a number of pixels' });
const extent = Type.Number({ minimum: 0, description: 'a number of pixels, 0 or more' });

export const DateTime = Type.String({
  format: 'date-time',
  description:
    'an RFC 3339 date and time in the years 0001 to 9999 of UTC; 23:59:60 is taken as 23:59:59.999',
});

/** Body of a new incident. */
export const IncidentReport = Type.Object(
  {
    imageUrl: Type.String({ format: 'uri', maxLength: 2048, description: 'an http or https URL' }),
    coordinates: Type.Optional(Coordinates),
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
        coordinates: { type: 'Point', coordinates: [8.54, 47.37] },
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
