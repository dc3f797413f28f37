import { computed, signal } from '@preact/signals';
import { now } from '../state/clock.js';
import { change, register, remove } from '../state/commands.js';
import { changedAt, droneOf } from '../state/fleet.js';
import { api, ask, type RequestError, toRequestError } from '../state/requests.js';

const DEVICES = 18;
const EVERY_MS = 700;
/** A demo of another tab is at work while its devices change so often. */
const QUIET_MS = 10_000;
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

const SERIAL_NUMBERS: readonly string[] = Array.from(
  { length: DEVICES },
  (_, index) => `DEMO-${String(index + 1).padStart(3, '0')}`,
);

export const isDemoRunning = signal(false);
/** Why the demo could not start. */
export const demoError = signal<RequestError>();
/** Those of its devices that are registered, by this page or an earlier one. */
export const demoDevices = computed(() => SERIAL_NUMBERS.filter((serialNumber) => droneOf(serialNumber)));
/** When this page last ran it, in milliseconds since 1970: what changed until then was changed here. */
const stoppedAt = signal(0);
/** Whether its devices change although this page does not change them. */
export const isDemoElsewhere = computed(
  () =>
    !isDemoRunning.value &&
    demoDevices.value.some((serialNumber) => {
      const at = changedAt.get(serialNumber) ?? 0;
      return at > stoppedAt.value && now.value - at < QUIET_MS;
    }),
);
let timer: ReturnType<typeof setInterval> | undefined;

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const serialNumberOf = (index: number): string => SERIAL_NUMBERS[index] as string;
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

/** Registers the devices that are missing, and begins to change them; `demoError` says why it cannot. */
export async function startDemo(): Promise<void> {
  demoError.value = undefined;
  isDemoRunning.value = true;
  try {
    for (let index = 0; index < DEVICES; index += 1) {
      if (!isDemoRunning.value) return;
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
    stopDemo();
    demoError.value = toRequestError(error);
  }
  // It may have been stopped meanwhile.
  if (isDemoRunning.value) timer = setInterval(() => void act().catch(() => {}), EVERY_MS);
}

export function stopDemo(): void {
  clearInterval(timer);
  isDemoRunning.value = false;
  // Its last requests may still be answered.
  stoppedAt.value = Date.now() + 2 * EVERY_MS;
}

/**
 * Deletes the devices of the demo that are registered, and calls `onRemoved` after each. Throws RequestError at the first
 * that cannot be deleted.
 */
export async function removeDemo(onRemoved: () => void): Promise<void> {
  for (const serialNumber of demoDevices.value) {
    try {
      await remove(serialNumber);
    } catch (error) {
      const refused = toRequestError(error);
      if (refused.status !== 404) throw refused;
    }
    onRemoved();
  }
}
