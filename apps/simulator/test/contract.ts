import { CocoClass, Coordinates, DEVICE_CATEGORIES, DetectionClasses, SerialNumber } from '@dronecast/events';
import { type TProperties, Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { Operation } from '../src/scenario.js';

// What the API takes, written down once more: a simulator that agreed with itself alone would prove nothing.

const strict = <T extends TProperties>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });
const text = Type.String({ minLength: 1, maxLength: 200 });

const SCHEMAS = {
  register: strict({
    deviceSerialNumber: SerialNumber,
    deviceName: text,
    deviceCategory: Type.Union(DEVICE_CATEGORIES.map((category) => Type.Literal(category))),
    metadata: strict({ alias: text, description: text }),
    isUsingAiDetection: Type.Boolean(),
    streamIsOn: Type.Boolean(),
    streamUrl: Type.String({ pattern: '^rtsp://' }),
    webRTCUrl: Type.String({ pattern: '^https://' }),
    streamCredentials: strict({
      userName: text,
      password: text,
      port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    }),
    cameras: Type.Array(text, { minItems: 1, uniqueItems: true }),
    detectionClasses: DetectionClasses,
  }),
  patch: Type.Object(
    {
      streamIsOn: Type.Optional(Type.Boolean()),
      isUsingAiDetection: Type.Optional(Type.Boolean()),
      detectionClasses: Type.Optional(DetectionClasses),
      metadata: Type.Optional(strict({ description: text })),
    },
    { additionalProperties: false, minProperties: 1 },
  ),
  incident: strict({
    imageUrl: Type.String({ pattern: '^https?://' }),
    coordinates: Coordinates,
    objectBBox: Type.Tuple(
      ['x', 'y', 'width', 'height'].map((title) => Type.Number({ title, minimum: 0, maximum: 1920 })),
    ),
    classId: CocoClass,
    label: text,
    confidence: Type.Number({ minimum: 0, maximum: 1 }),
  }),
};

/** What the API would refuse about an operation; empty when nothing. */
export const violations = ({ kind, body }: Operation): string[] =>
  [...Value.Errors(SCHEMAS[kind], body)].map(({ path, message }) => `${kind} ${path}: ${message}`);
