import { PublicDrone, SerialNumber } from '@dronecast/events';
import { Problem } from '@dronecast/runtime';
import { type TProperties, type TSchema, Type } from '@sinclair/typebox';
import type { Drone } from '../drone/drone.js';
import { StreamCredentials } from '../drone/drone.js';
import { withoutPassword } from '../drone/redact.js';
import { isSealed } from '../drone/sealed.js';

const success = Type.Literal('success');

/** JSend: what every success answers. */
export const Success = <P extends TProperties>(data: P) =>
  Type.Object({ status: success, data: Type.Object(data) });

export const SuccessList = <P extends TProperties>(data: P) =>
  Type.Object({
    status: success,
    results: Type.Integer({
      description:
        'number of items on this page; it may be smaller than `limit`, since a page ends at about 1 MiB',
    }),
    data: Type.Object(data),
    nextCursor: Type.Optional(Type.String({ description: 'present when there is more, and only then' })),
  });

/** Also one that only older data has: its drone can be read. What no drone has is refused if it can't be registered. */
export const AnySerialNumber = Type.String({
  minLength: 1,
  description: `a serial number: ${SerialNumber.description}. Older data may have others`,
  examples: SerialNumber.examples,
});

/**
 * {@link AnySerialNumber} as callers give it. OpenAPI documents the pattern of today, since what no drone has is held to it.
 */
export const GivenSerialNumber = Type.String({
  ...AnySerialNumber,
  documented: { pattern: SerialNumber.pattern, maxLength: SerialNumber.maxLength },
});

export const SnParams = Type.Object({ sn: GivenSerialNumber });

/** Headers of a request that can be sent again until its answer arrives. */
export const IdempotencyHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: '1-255 characters that name this request for its retries',
    }),
  ),
});

export const FieldErrors = Type.Array(Type.Object({ pointer: Type.String(), message: Type.String() }));

/** Problem details (RFC 9457). */
export const ProblemBody = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'stable; for programs' }),
    detail: Type.String({ description: 'for people' }),
    requestId: Type.String(),
    errors: Type.Optional(FieldErrors),
  },
  { description: 'Problem details (RFC 9457)' },
);

/** The refusals that a route documents. */
export const problems = (...statuses: number[]): Record<number, TSchema> =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: 'Problem details (RFC 9457)',
        content: { 'application/problem+json': { schema: ProblemBody } },
      },
    ]),
  ) as unknown as Record<number, TSchema>;

/** A drone as REST shows it; `_id` repeats `id` for clients of the older service. The password only when alone. */
export const DroneView = Type.Object(
  {
    _id: PublicDrone.properties.id,
    ...PublicDrone.properties,
    deviceSerialNumber: AnySerialNumber,
    streamCredentials: Type.Object({
      ...StreamCredentials.properties,
      password: Type.Optional(StreamCredentials.properties.password),
    }),
  },
  {
    examples: [
      {
        _id: '6b04793ea707e9d128d4384e',
        id: '6b04793ea707e9d128d4384e',
        deviceSerialNumber: 'DRN-0042',
        deviceName: 'Harbour 1',
        deviceCategory: 'DRONE',
        metadata: { alias: 'north gate', description: '' },
        isUsingAiDetection: false,
        streamIsOn: true,
        streamUrl: 'rtsp://cameras.example.com/42',
        webRTCUrl: '',
        streamCredentials: { userName: 'viewer', port: '8554' },
        cameras: [],
        detectionClasses: [0, 2],
        createdAt: '2026-03-01T10:00:00.000Z',
        updatedAt: '2026-03-01T10:05:00.000Z',
        revision: 2,
      },
    ],
  },
);

export const droneView = (drone: Drone) => ({ _id: drone.id, ...withoutPassword(drone) });

/** Throws a problem when credentials are stored under a key that is not known here. */
export function fullDroneView(drone: Drone) {
  const { streamUrl, webRTCUrl, streamCredentials } = drone;
  if ([streamUrl, webRTCUrl, streamCredentials.password].some(isSealed)) {
    throw new Problem(
      500,
      'credentials_unreadable',
      'The stream credentials were stored under a key that is not configured here; write them anew',
    );
  }
  return { _id: drone.id, ...drone };
}
