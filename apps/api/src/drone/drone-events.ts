import {
  DetectionClasses,
  type DroneKind,
  droneChannel,
  type EventDraft,
  type EventMessage,
  encodeEvent,
  type Incident,
} from '@dronecast/events';
import type { Difference } from './diff.js';
import type { Drone } from './drone.js';
import { bySize, encodeBounded, isOversized, isTooLarge } from './event-size.js';
import { redactChanges, toPublic } from './redact.js';

/** Who caused the events; undefined where no token is asked for. */
type Actor = string | undefined;

const MAX_CLASSES = DetectionClasses.maxItems;

/** The members that all events of one commit share; the first ones, so that a frame starts alike. */
function head<E extends EventDraft['event']>(
  event: E,
  kind: DroneKind,
  drone: Drone,
  at: string,
  actor: Actor,
) {
  const serialNumber = drone.deviceSerialNumber;
  return {
    type: 'drone:event' as const,
    event,
    channel: droneChannel(serialNumber, kind),
    serialNumber,
    revision: drone.revision,
    timestamp: at,
    ...(actor !== undefined && { actor }),
  };
}

const subject = (drone: Drone) => ({ serialNumber: drone.deviceSerialNumber, droneId: drone.id });

/** Throws EventTooLarge. */
export function createdEvents(drone: Drone, actor: Actor): EventMessage[] {
  const full = toPublic(drone);
  const data = { ...subject(drone), full };
  return [encodeBounded({ ...head('drone.created', 'created', drone, drone.createdAt, actor), data }, full)];
}

/**
 * The older service kept drones of any size. If a drone is larger than an event, `previous` leaves out its largest values,
 * as many as necessary. Otherwise no change could make the drone smaller.
 */
function encodeUpdate(before: Drone, draft: Extract<EventDraft, { event: 'drone.updated' }>): EventMessage {
  const { changes, previous, full } = draft.data;
  const message = encodeEvent(draft);
  if (!isTooLarge(message)) return message;
  if (!isOversized(toPublic(before))) return encodeBounded(draft, changes, previous, full);
  const kept: Record<string, unknown> = { ...previous };
  const slim = { ...draft, data: { ...draft.data, previous: kept } };
  for (const name of bySize(previous)) {
    delete kept[name];
    if (!isTooLarge(encodeEvent(slim))) break;
  }
  return encodeBounded(slim, changes, full);
}

/**
 * The update itself, then one event for each thing that some clients wait for; all with one revision. Throws
 * EventTooLarge.
 */
export function updatedEvents(
  before: Drone,
  after: Drone,
  { changes, previous }: Difference,
  actor: Actor,
): EventMessage[] {
  const at = after.updatedAt;
  const full = toPublic(after);
  const about = subject(after);
  const update = encodeUpdate(before, {
    ...head('drone.updated', 'updated', after, at, actor),
    data: { ...about, changes: redactChanges(changes), previous: redactChanges(previous), full },
  });
  const drafts: EventDraft[] = [];
  if (changes.streamIsOn !== undefined) {
    const { streamIsOn, streamUrl } = full;
    const data = { ...about, streamIsOn, previousStatus: before.streamIsOn, streamUrl };
    drafts.push({ ...head('drone.stream.status', 'stream', after, at, actor), data });
  }
  if (changes.isUsingAiDetection !== undefined) {
    const { isUsingAiDetection, detectionClasses } = after;
    const data = {
      ...about,
      isUsingAiDetection,
      previousStatus: before.isUsingAiDetection,
      detectionClasses,
    };
    drafts.push({ ...head('drone.ai.detection.toggled', 'ai', after, at, actor), data });
  }
  if (changes.detectionClasses !== undefined) {
    const data = {
      ...about,
      detectionClasses: after.detectionClasses,
      // The older service did not limit their number.
      previousClasses: before.detectionClasses.slice(0, MAX_CLASSES),
    };
    drafts.push({ ...head('drone.detection.classes.changed', 'config', after, at, actor), data });
  }
  return [update, ...drafts.map((draft) => encodeBounded(draft, draft.data))];
}

/** The end of a drone counts as its last revision. */
export function deletedEvents(drone: Drone, at: string, actor: Actor): EventMessage[] {
  const last = { ...drone, revision: drone.revision + 1 };
  return [encodeEvent({ ...head('drone.deleted', 'deleted', last, at, actor), data: subject(drone) })];
}

/** Throws EventTooLarge. */
export function incidentEvents(drone: Drone, incident: Incident, actor: Actor): EventMessage[] {
  const data = { ...subject(drone), incident };
  return [
    encodeBounded(
      { ...head('drone.incident.detected', 'incident', drone, incident.createdAt, actor), data },
      incident,
    ),
  ];
}
