import { DEVICE_CATEGORIES, DetectionClasses, NewSerialNumber } from '@dronecast/events';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { SEALED_PREFIX } from './sealed.js';

const text = (maxLength: number) =>
  Type.String({ maxLength, description: `a string of at most ${maxLength} characters` });

/** Text that may be stored encrypted, so that it must not look as if it were already. */
const secret = (maxLength: number) =>
  Type.String({
    maxLength,
    pattern: `^(?!${SEALED_PREFIX})`,
    description: `a string of at most ${maxLength} characters that does not start with ${SEALED_PREFIX}`,
  });

const deviceName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '\\S',
  description: 'a string of 1-200 characters that is not blank',
});

/** JSON Schema cannot say "in any case", so the pattern does. */
const anyCase = (text: string): string =>
  text.replace(/[A-Z]/g, (letter) => `[${letter}${letter.toLowerCase()}]`);

const deviceCategory = Type.String({
  pattern: `^(?:${DEVICE_CATEGORIES.map(anyCase).join('|')})$`,
  description: 'DRONE, BODY CAM or CCTV, in any case',
  examples: ['DRONE'],
});

const port = Type.Union(
  [
    Type.Integer({ minimum: 1, maximum: 65_535 }),
    Type.String({
      pattern: '^(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])$',
    }),
  ],
  { description: 'a TCP port, 1-65535, as a number or as text' },
);

/** `null` stands for the default. */
const optional = <T extends TSchema>(schema: T) =>
  Type.Optional(
    Type.Union([schema, Type.Null()], { description: `${schema.description}, or null for the default` }),
  );

const optionalFields = {
  metadata: optional(
    Type.Object(
      { alias: optional(text(200)), description: optional(text(2000)) },
      { additionalProperties: false, description: 'an object {alias, description}' },
    ),
  ),
  isUsingAiDetection: optional(Type.Boolean({ description: 'true or false' })),
  streamIsOn: optional(Type.Boolean({ description: 'true or false' })),
  streamUrl: optional(secret(2048)),
  webRTCUrl: optional(secret(2048)),
  streamCredentials: optional(
    Type.Object(
      { userName: optional(text(200)), password: optional(secret(200)), port: optional(port) },
      { additionalProperties: false, description: 'an object {userName, password, port}' },
    ),
  ),
  cameras: optional(Type.Array(text(200), { maxItems: 100, description: 'an array of at most 100 strings' })),
  detectionClasses: optional(DetectionClasses),
};

/** Body of a registration. */
export const DroneRegistration = Type.Object(
  { deviceSerialNumber: NewSerialNumber, deviceName, deviceCategory, ...optionalFields },
  {
    additionalProperties: false,
    description: 'a JSON object',
    examples: [
      {
        deviceSerialNumber: 'DRN-0042',
        deviceName: 'Harbour 1',
        deviceCategory: 'DRONE',
        metadata: { alias: 'north gate' },
        streamUrl: 'rtsp://cameras.example.com/42',
        streamCredentials: { userName: 'viewer', password: 'of the camera', port: 8554 },
        detectionClasses: [0, 2],
      },
    ],
  },
);
export type DroneRegistration = Static<typeof DroneRegistration>;

const readOnly = Type.Optional(Type.Never({ description: 'left out: it cannot be changed' }));

/** JSON merge patch (RFC 7396) of a drone. */
export const DronePatch = Type.Object(
  {
    deviceName: Type.Optional(deviceName),
    deviceCategory: Type.Optional(deviceCategory),
    ...optionalFields,
    id: readOnly,
    _id: readOnly,
    deviceSerialNumber: readOnly,
    revision: readOnly,
    createdAt: readOnly,
    updatedAt: readOnly,
    incidents: Type.Optional(Type.Never({ description: 'left out: incidents have their own route' })),
  },
  {
    additionalProperties: false,
    description: 'a JSON object',
    examples: [{ streamIsOn: true, metadata: { description: null } }],
  },
);
export type DronePatch = Static<typeof DronePatch>;
