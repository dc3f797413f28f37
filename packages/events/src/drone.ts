import { type Static, Type } from '@sinclair/typebox';
import { SerialNumber } from './serial-number.js';

export const DEVICE_CATEGORIES = ['DRONE', 'BODY CAM', 'CCTV'] as const;

export const DeviceCategory = Type.Union(
  DEVICE_CATEGORIES.map((category) => Type.Literal(category)),
  { description: 'DRONE, BODY CAM or CCTV' },
);
export type DeviceCategory = (typeof DEVICE_CATEGORIES)[number];

export const Metadata = Type.Object({ alias: Type.String(), description: Type.String() });

/** A class of the COCO data set. */
export const CocoClass = Type.Integer({ minimum: 0, maximum: 79, description: 'a COCO class id, 0-79' });

export const DetectionClasses = Type.Array(CocoClass, {
  uniqueItems: true,
  maxItems: 80,
  description: 'unique COCO class ids, 0-79',
});

/** A drone as events carry it: without credentials and incidents, user info in URLs masked. */
export const PublicDrone = Type.Object({
  id: Type.String({ description: '24 hex digits' }),
  deviceSerialNumber: SerialNumber,
  deviceName: Type.String(),
  deviceCategory: DeviceCategory,
  metadata: Metadata,
  isUsingAiDetection: Type.Boolean(),
  streamIsOn: Type.Boolean(),
  streamUrl: Type.String(),
  webRTCUrl: Type.String(),
  cameras: Type.Array(Type.String()),
  detectionClasses: DetectionClasses,
  createdAt: Type.String({ format: 'date-time' }),
  updatedAt: Type.String({ format: 'date-time' }),
  revision: Type.Integer({
    minimum: 0,
    description: '1 on register, +1 per effective change; 0 for a drone that an older service wrote',
  }),
});
export type PublicDrone = Static<typeof PublicDrone>;

export const Coordinates = Type.Object(
  {
    type: Type.Literal('Point'),
    coordinates: Type.Tuple([
      Type.Number({ minimum: -180, maximum: 180, description: 'longitude in degrees' }),
      Type.Number({ minimum: -90, maximum: 90, description: 'latitude in degrees' }),
    ]),
  },
  { additionalProperties: false, description: 'GeoJSON Point (RFC 7946): [longitude, latitude]' },
);

/** What a detector saw: one object on one image. */
export const Incident = Type.Object(
  {
    id: Type.String({ description: '24 hex digits' }),
    serialNumber: SerialNumber,
    imageUrl: Type.String(),
    coordinates: Type.Optional(Coordinates),
    altitude: Type.Optional(Type.Number({ description: 'in metres' })),
    objectBBox: Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()], {
      description: '[x, y, width, height] in pixels',
    }),
    classId: Type.Optional(CocoClass),
    label: Type.Optional(Type.String()),
    confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    capturedAt: Type.String({
      format: 'date-time',
      description: 'by the detector; else the time of receipt',
    }),
    createdAt: Type.String({ format: 'date-time' }),
  },
  {
    examples: [
      {
        id: '6b04793ea707e9d128d4384f',
        serialNumber: 'DRN-0042',
        imageUrl: 'https://images.example.com/42/7.jpg',
        coordinates: { type: 'Point', coordinates: [8.54, 47.37] },
        objectBBox: [120, 80, 64, 128],
        classId: 0,
        label: 'person',
        confidence: 0.91,
        capturedAt: '2026-03-01T10:00:00.000Z',
        createdAt: '2026-03-01T10:00:00.250Z',
      },
    ],
  },
);
export type Incident = Static<typeof Incident>;
