import { type EventDraft, type EventMessage, encodeEvent } from '@dronecast/events';
import { nowUs, stampText } from './clock.js';

export const serialNumber = (index: number): string => `BENCH-${String(index).padStart(5, '0')}`;

const DRONE_ID = '69a546cf8c1e4b7a92d06f31';
const REGISTERED_AT = '2026-03-02T08:14:07.512Z';

/** One change of a drone as the API would publish it, about 1 KiB; its description tells when it was made. */
export function droneUpdated(index: number, revision: number): EventDraft {
  const sn = serialNumber(index);
  const timestamp = new Date().toISOString();
  const description = `Quay patrol, north gate and pier ${stampText(nowUs())}`;
  return {
    type: 'drone:event',
    event: 'drone.updated',
    channel: `drone:${sn}:updated`,
    serialNumber: sn,
    revision,
    timestamp,
    data: {
      serialNumber: sn,
      droneId: DRONE_ID,
      changes: { metadata: { description }, detectionClasses: [0, 2, 5, 7, 8] },
      previous: {
        metadata: { description: 'Quay patrol, north gate' },
        detectionClasses: [0, 2],
      },
      full: {
        id: DRONE_ID,
        deviceSerialNumber: sn,
        deviceName: 'Harbour north 2',
        deviceCategory: 'DRONE',
        metadata: { alias: 'Seagull', description },
        isUsingAiDetection: true,
        streamIsOn: true,
        streamUrl: 'rtsp://10.20.0.42:8554/live/harbour-north-2',
        webRTCUrl: 'https://media.example.com/whep/harbour-north-2',
        cameras: ['wide', 'zoom', 'thermal'],
        detectionClasses: [0, 2, 5, 7, 8],
        createdAt: REGISTERED_AT,
        updatedAt: timestamp,
        revision,
      },
    },
  };
}

export const droneUpdatedMessage = (index: number, revision: number): EventMessage =>
  encodeEvent(droneUpdated(index, revision));
