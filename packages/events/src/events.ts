import { type Static, type TProperties, Type } from '@sinclair/typebox';
import { type DroneKind, droneChannel, SYSTEM_BROADCAST_CHANNEL } from './channels.js';
import { DetectionClasses, Incident, PublicDrone } from './drone.js';
import { jsonObject } from './json-object.js';
import { SerialNumber } from './serial-number.js';
import { TRACEPARENT_PATTERN } from './traceparent.js';

/** Stands in `changes` and `previous` where the value is a secret. */
export const REDACTED = '[redacted]';

const { id, deviceSerialNumber, createdAt, updatedAt, revision, metadata, ...mutable } =
  PublicDrone.properties;

/** The fields that one PATCH changed, nested as in the drone. */
export const DroneChanges = Type.Partial(
  Type.Object({ ...mutable, metadata: Type.Partial(metadata), streamCredentials: Type.Literal(REDACTED) }),
);
export type DroneChanges = Static<typeof DroneChanges>;

/** Most UTF-16 units of {@link Actor}, and of the claim `sub` that it comes from. */
export const MAX_ACTOR_LENGTH = 256;
export const Actor = Type.String({
  minLength: 1,
  maxLength: MAX_ACTOR_LENGTH,
  description:
    'the `sub` of the token that caused the event; absent where no token is asked for, and where no caller caused it',
  examples: ['operator-7'],
});

const envelope = <T extends TProperties, D extends TProperties>(head: T, data: D) =>
  Type.Object({
    id: Type.String({ description: 'opaque cursor of this event' }),
    ...head,
    timestamp: Type.String({ format: 'date-time', description: "the commit's time" }),
    // Before `data`, so that a frame ends with its data and a trace.
    actor: Type.Optional(Actor),
    data: Type.Object(data),
    traceparent: Type.Optional(
      Type.String({
        pattern: TRACEPARENT_PATTERN,
        description: 'of the change, where traces are on (W3C Trace Context)',
      }),
    ),
  });

const droneEvent = <E extends string, D extends TProperties>(event: E, kind: DroneKind, data: D) =>
  envelope(
    {
      type: Type.Literal('drone:event'),
      event: Type.Literal(event),
      channel: Type.String({
        pattern: `^drone:[^:]+:${kind}$`,
        description: `drone:{serialNumber, percent-encoded}:${kind}`,
        examples: [droneChannel('DRN-0042', kind), droneChannel('AC:CC:8E:0F:12:34', kind)],
      }),
      serialNumber: SerialNumber,
      revision,
    },
    { serialNumber: SerialNumber, droneId: id, ...data },
  );

export const DroneCreated = droneEvent('drone.created', 'created', { full: PublicDrone });
export const DroneUpdated = droneEvent('drone.updated', 'updated', {
  changes: DroneChanges,
  previous: DroneChanges,
  full: PublicDrone,
});
export const DroneStreamStatus = droneEvent('drone.stream.status', 'stream', {
  streamIsOn: Type.Boolean(),
  previousStatus: Type.Boolean(),
  streamUrl: Type.String(),
});
export const DroneAiDetectionToggled = droneEvent('drone.ai.detection.toggled', 'ai', {
  isUsingAiDetection: Type.Boolean(),
  previousStatus: Type.Boolean(),
  detectionClasses: DetectionClasses,
});
export const DroneDetectionClassesChanged = droneEvent('drone.detection.classes.changed', 'config', {
  detectionClasses: DetectionClasses,
  previousClasses: DetectionClasses,
});
export const DroneDeleted = droneEvent('drone.deleted', 'deleted', {});
export const DroneIncidentDetected = droneEvent('drone.incident.detected', 'incident', {
  incident: Incident,
});

export const BROADCAST_LEVELS = ['info', 'warning', 'error', 'critical'] as const;
export const Broadcast = Type.Object(
  {
    message: Type.String({
      minLength: 1,
      maxLength: 4096,
      pattern: '\\S',
      description: '1-4096 characters, not blank',
    }),
    level: Type.Union(
      BROADCAST_LEVELS.map((level) => Type.Literal(level)),
      { description: BROADCAST_LEVELS.join(', ') },
    ),
    data: Type.Optional(jsonObject('a JSON object')),
  },
  {
    additionalProperties: false,
    examples: [{ message: 'Storm from the west: land by 18:00', level: 'warning' }],
  },
);
export type Broadcast = Static<typeof Broadcast>;

export const SystemBroadcast = envelope(
  {
    type: Type.Literal('system:event'),
    event: Type.Literal('system.broadcast'),
    channel: Type.Literal(SYSTEM_BROADCAST_CHANNEL),
  },
  Broadcast.properties,
);
export type SystemBroadcast = Static<typeof SystemBroadcast>;

/** Every event that the API publishes, by name. */
export const EVENT_SCHEMAS = {
  'drone.created': DroneCreated,
  'drone.updated': DroneUpdated,
  'drone.stream.status': DroneStreamStatus,
  'drone.ai.detection.toggled': DroneAiDetectionToggled,
  'drone.detection.classes.changed': DroneDetectionClassesChanged,
  'drone.deleted': DroneDeleted,
  'drone.incident.detected': DroneIncidentDetected,
  'system.broadcast': SystemBroadcast,
} as const;
export type EventName = keyof typeof EVENT_SCHEMAS;

/** One event as a client receives it. */
export type DronecastEvent = { [N in EventName]: Static<(typeof EVENT_SCHEMAS)[N]> }[EventName];

type Draft<T> = T extends unknown ? Omit<T, 'id'> : never;
/** An event before it is published; publishing gives it its id. */
export type EventDraft = Draft<DronecastEvent>;
