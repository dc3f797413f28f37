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
import { byTextLength, encodeBounded, isTooLarge } from './event-size.js';
import { redactChanges, toPublic } from './redact.js';

const MAX_CLASSES = DetectionClasses.maxItems;

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

/** Throws EventTooLarge. */
export function createdEvents(drone: Drone): EventMessage[] {
  const full = toPublic(drone);
  const data = { ...subject(drone), full };
  return [encodeBounded({ ...head('drone.created', 'created', drone, drone.createdAt), data }, full)];
}

/**
 * A drone of before, or of the older service, may be so large that an event cannot hold it beside what it was. Making it
 * smaller must be possible nevertheless: then `previous` leaves out its largest values, as many as it takes.
 */
function encodeUpdate(before: Drone, draft: Extract<EventDraft, { event: 'drone.updated' }>): EventMessage {
  const { changes, previous, full } = draft.data;
  const shrinks = (): boolean => JSON.stringify(full).length < JSON.stringify(toPublic(before)).length;
  const kept: Record<string, unknown> = { ...previous };
  let message = encodeEvent(draft);
  if (isTooLarge(message) && shrinks()) {
    for (const name of byTextLength(previous)) {
      delete kept[name];
      message = encodeEvent({ ...draft, data: { ...draft.data, previous: kept } });
      if (!isTooLarge(message)) return message;
    }
  }
  return isTooLarge(message) ? encodeBounded(draft, changes, previous, full) : message;
}

/**
 * The update itself, then one event for each thing that some clients wait for; all with one revision. Throws
 * EventTooLarge.
 */
export function updatedEvents(
  before: Drone,
  after: Drone,
  { changes, previous }: Difference,
): EventMessage[] {
  const at = after.updatedAt;
  const full = toPublic(after);
  const about = subject(after);
  const update = encodeUpdate(before, {
    ...head('drone.updated', 'updated', after, at),
    data: { ...about, changes: redactChanges(changes), previous: redactChanges(previous), full },
  });
  const drafts: EventDraft[] = [];
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
      // The older service kept as many as it was given.
      previousClasses: before.detectionClasses.slice(0, MAX_CLASSES),
    };
    drafts.push({ ...head('drone.detection.classes.changed', 'config', after, at), data });
  }
  return [update, ...drafts.map((draft) => encodeBounded(draft, draft.data))];
}

/** The end of a drone counts as its last revision. */
export function deletedEvents(drone: Drone, at: string): EventMessage[] {
  const last = { ...drone, revision: drone.revision + 1 };
  return [encodeEvent({ ...head('drone.deleted', 'deleted', last, at), data: subject(drone) })];
}

/** Throws EventTooLarge. */
export function incidentEvents(drone: Drone, incident: Incident): EventMessage[] {
  const data = { ...subject(drone), incident };
  return [
    encodeBounded(
      { ...head('drone.incident.detected', 'incident', drone, incident.createdAt), data },
      incident,
    ),
  ];
}
