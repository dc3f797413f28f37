import { droneChannel, type EventDraft, encodeEvent, type PublicDrone } from '@dronecast/events';
import { ObjectId } from 'mongodb';

const EVENT_BYTES = 64 * 1024;
/** One more would pass the 2 MiB at which an outbox takes no more. */
const EVENTS = 31;

/** A drone in MongoDB, as the API stores it, whose events no bus has yet. */
export interface FullOutbox {
  readonly document: { readonly _id: ObjectId };
  /** The oldest first; the registration, then changes. */
  readonly events: readonly EventDraft[];
}

const createState = (id: string, serialNumber: string, revision: number, at: string): PublicDrone => ({
  id,
  deviceSerialNumber: serialNumber,
  deviceName: serialNumber,
  deviceCategory: 'DRONE',
  metadata: { alias: '', description: 'x'.repeat(EVENT_BYTES) },
  isUsingAiDetection: false,
  streamIsOn: false,
  streamUrl: '',
  webRTCUrl: '',
  cameras: [],
  detectionClasses: [],
  createdAt: at,
  updatedAt: at,
  revision,
});

function createEvent(id: string, serialNumber: string, revision: number, at: string): EventDraft {
  const full = createState(id, serialNumber, revision, at);
  const head = { type: 'drone:event', serialNumber, revision, timestamp: at } as const;
  const about = { serialNumber, droneId: id };
  if (revision === 1) {
    const channel = droneChannel(serialNumber, 'created');
    return { ...head, event: 'drone.created', channel, data: { ...about, full } };
  }
  const channel = droneChannel(serialNumber, 'updated');
  const data = { ...about, changes: {}, previous: {}, full };
  return { ...head, event: 'drone.updated', channel, data };
}

/** About 2 MiB of events that wait, each of 64 KiB. */
export function createFullOutbox(serialNumber: string): FullOutbox {
  const at = new Date();
  const _id = new ObjectId();
  const events = Array.from({ length: EVENTS }, (_, index) =>
    createEvent(_id.toHexString(), serialNumber, index + 1, at.toISOString()),
  );
  let queuedBytes = 0;
  const outbox = events.map((event, index) => {
    const message = encodeEvent(event);
    const bytesBefore = queuedBytes;
    queuedBytes += Buffer.byteLength(message.body);
    return { seq: index + 1, at, events: [message], bytesBefore };
  });
  const { id, ...fields } = createState('', serialNumber, EVENTS, '');
  const document = {
    _id,
    ...fields,
    metadata: { alias: '', description: '' },
    createdAt: at,
    updatedAt: at,
    seq: EVENTS,
    queuedBytes,
    outbox,
    pendingSince: at,
  };
  return { document, events };
}
