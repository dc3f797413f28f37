import { signal } from '@preact/signals';
import { change, register } from '../state/commands.js';
import { droneOf } from '../state/fleet.js';
import { api, ask } from '../state/requests.js';

const DEVICES = 18;
const EVERY_MS = 700;
const CATEGORIES = ['DRONE', 'BODY CAM', 'CCTV'] as const;
/** City and its longitude and latitude. */
const SITES = [
  ['Hamburg', 9.97, 53.54],
  ['Rotterdam', 4.14, 51.95],
  ['Marseille', 5.35, 43.3],
  ['Trieste', 13.76, 45.65],
  ['Bilbao', -3.05, 43.35],
  ['Gdansk', 18.66, 54.4],
] as const;
const SEEN = [
  [0, 'person'],
  [2, 'car'],
  [7, 'truck'],
  [8, 'boat'],
  [14, 'bird'],
] as const;

export const isDemoRunning = signal(false);
let timer: ReturnType<typeof setInterval> | undefined;

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const serialNumberOf = (index: number): string => `DEMO-${String(index + 1).padStart(3, '0')}`;
const siteOf = (index: number) => SITES[index % SITES.length] as (typeof SITES)[number];

async function report(index: number): Promise<void> {
  const [, longitude, latitude] = siteOf(index);
  const [classId, label] = pick(SEEN);
  const near = (degrees: number): number => Number((degrees + (Math.random() - 0.5) * 0.3).toFixed(5));
  await ask(
    api.POST('/api/v1/drones/sn/{sn}/incidents', {
      params: { path: { sn: serialNumberOf(index) } },
      body: {
        imageUrl: `${location.origin}/demo-scene.svg`,
        coordinates: { type: 'Point', coordinates: [near(longitude), near(latitude)] },
        objectBBox: [Math.round(60 + Math.random() * 380), 150, 90, 120],
        classId,
        label,
        confidence: Number((0.5 + Math.random() / 2).toFixed(2)),
      },
    }),
  );
}

async function act(): Promise<void> {
  const index = Math.floor(Math.random() * DEVICES);
  const drone = droneOf(serialNumberOf(index));
  if (!drone) return;
  const dice = Math.random();
  if (dice < 0.35) await report(index);
  else if (dice < 0.7) await change(drone.deviceSerialNumber, { streamIsOn: !drone.streamIsOn });
  else await change(drone.deviceSerialNumber, { isUsingAiDetection: !drone.isUsingAiDetection });
}

/** Throws RequestError when the devices cannot be registered. */
export async function startDemo(): Promise<void> {
  isDemoRunning.value = true;
  try {
    for (let index = 0; index < DEVICES; index += 1) {
      const serialNumber = serialNumberOf(index);
      if (droneOf(serialNumber)) continue;
      await register({
        deviceSerialNumber: serialNumber,
        deviceName: `${siteOf(index)[0]} ${1 + Math.floor(index / SITES.length)}`,
        deviceCategory: CATEGORIES[index % CATEGORIES.length] as string,
      });
      await report(index);
    }
  } catch (error) {
    isDemoRunning.value = false;
    throw error;
  }
  timer = setInterval(() => void act().catch(() => {}), EVERY_MS);
}

export function stopDemo(): void {
  clearInterval(timer);
  isDemoRunning.value = false;
}
