import {
  type DroneKind,
  droneChannel,
  type EventDraft,
  type EventMessage,
  encodeEvent,
  type Incident,
} from '@dronecast/events';
import type { Difference } from './diff.js';
import type { Drone } from './drone.js';
import { redactChanges, toPublic } from './redact.js';

/** The members that all events of one commit share; the first ones, so that a frame starts alike. */
function head<E extends EventDraft['event']>(event: E, kind: DroneKind, drone: Drone, at: string) {
  const serialNumber = drone.deviceSerialNumber;
  return {
    type: 'drone:event' as const,
    event,
    channel: droneChannel(serialNumber, kind),
    serialNumber,
    revision: drone.revision,
    timestamp: at,
  };
}

const subject = (drone: Drone) => ({ serialNumber: drone.deviceSerialNumber, droneId: drone.id });

export function createdEvents(drone: Drone): EventMessage[] {
  return [
    encodeEvent({
      ...head('drone.created', 'created', drone, drone.createdAt),
      data: { ...subject(drone), full: toPublic(drone) },
    }),
  ];
}

/** The update itself, then one event for each thing that some clients wait for; all with one revision. */
export function updatedEvents(
  before: Drone,
  after: Drone,
  { changes, previous }: Difference,
): EventMessage[] {
  const at = after.updatedAt;
  const full = toPublic(after);
  const about = subject(after);
  const drafts: EventDraft[] = [
    {
      ...head('drone.updated', 'updated', after, at),
      data: { ...about, changes: redactChanges(changes), previous: redactChanges(previous), full },
    },
  ];
  if (changes.streamIsOn !== undefined) {
    const { streamIsOn, streamUrl } = full;
    const data = { ...about, streamIsOn, previousStatus: before.streamIsOn, streamUrl };
    drafts.push({ ...head('drone.stream.status', 'stream', after, at), data });
  }
  if (changes.isUsingAiDetection !== undefined) {
    const { isUsingAiDetection, detectionClasses } = after;
    const data = {
      ...about,
      isUsingAiDetection,
      previousStatus: before.isUsingAiDetection,
      detectionClasses,
    };
    drafts.push({ ...head('drone.ai.detection.toggled', 'ai', after, at), data });
  }
  if (changes.detectionClasses !== undefined) {
    const data = {
      ...about,
      detectionClasses: after.detectionClasses,
      previousClasses: before.detectionClasses,
    };
    drafts.push({ ...head('drone.detection.classes.changed', 'config', after, at), data });
  }
  return drafts.map(encodeEvent);
}

/** The end of a drone counts as its last revision. */
export function deletedEvents(drone: Drone, at: string): EventMessage[] {
  const last = { ...drone, revision: drone.revision + 1 };
  return [encodeEvent({ ...head('drone.deleted', 'deleted', last, at), data: subject(drone) })];
}

export function incidentEvents(drone: Drone, incident: Incident): EventMessage[] {
  return [
    encodeEvent({
      ...head('drone.incident.detected', 'incident', drone, incident.createdAt),
      data: { ...subject(drone), incident },
    }),
  ];
}
