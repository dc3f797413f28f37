import { randomBytes } from 'node:crypto';
import { type DroneKind, droneChannel, type EventMessage, type Incident } from '@dronecast/events';
import { DEFAULTS, type Drone } from '../src/drone/drone.js';

/** 24 hex digits. */
export const newId = (): string => randomBytes(12).toString('hex');

const NOW = '2026-03-01T10:00:00.000Z';

/** A drone at revision 1, with defaults but for `fields`. */
export const sampleDrone = (deviceSerialNumber: string, fields: Partial<Drone> = {}): Drone => ({
  id: newId(),
  deviceSerialNumber,
  deviceName: `Device ${deviceSerialNumber}`,
  deviceCategory: 'DRONE',
  ...DEFAULTS,
  createdAt: NOW,
  updatedAt: NOW,
  revision: 1,
  ...fields,
});

/** A drone that has no field at its default. */
export const fullDrone = (deviceSerialNumber: string, fields: Partial<Drone> = {}): Drone =>
  sampleDrone(deviceSerialNumber, {
    deviceName: 'Überwachung 東京 🚁',
    deviceCategory: 'BODY CAM',
    metadata: { alias: 'north gate', description: 'by the "gate"\n' },
    isUsingAiDetection: true,
    streamIsOn: true,
    streamUrl: 'rtsp://pilot:sesame@10.0.0.7:8554/live?profile=1',
    webRTCUrl: 'https://pilot:sesame@media.example.com/whep',
    streamCredentials: { userName: 'pilot', password: 'sesame', port: '9554' },
    cameras: ['front', 'thermal'],
    detectionClasses: [0, 79, 2],
    updatedAt: '2026-03-02T11:22:33.444Z',
    revision: 7,
    ...fields,
  });

/** An event that is told apart by `mark`; `pad` makes it longer. */
export function sampleEvent(
  mark: string,
  serialNumber = 'DRN-1',
  kind: DroneKind = 'updated',
  pad = '',
): EventMessage {
  const channel = droneChannel(serialNumber, kind);
  return { channel, body: JSON.stringify({ type: 'drone:event', channel, mark, pad }) };
}

export const sampleIncident = (serialNumber: string, fields: Partial<Incident> = {}): Incident => ({
  id: newId(),
  serialNumber,
  imageUrl: 'https://images.example.com/1.jpg',
  objectBBox: [1, 2.5, 30, 40],
  capturedAt: NOW,
  createdAt: NOW,
  ...fields,
});
