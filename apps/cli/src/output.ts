import { once } from 'node:events';
import { type Drone, type Item, isForeign, isGap } from '@dronecast/client';
import { MASK, maskUrl } from '@dronecast/events';

/** Resolves when there is room for more. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}

/** One line of JSON, for programs. */
export const printJson = (value: unknown): Promise<void> => print(JSON.stringify(value));

/** What others named must not move the cursor or colour the terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');

/** Rows under their heads, each column as wide as it needs to be. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows].map((row) => row.map(plain));
  const widths = heads.map((_, column) => Math.max(...lines.map((row) => row[column]?.length ?? 0)));
  return lines
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const onOff = (isOn: boolean): string => (isOn ? 'on' : 'off');

export const droneTable = (drones: readonly Drone[]): string =>
  table(
    ['SERIAL', 'NAME', 'CATEGORY', 'STREAM', 'AI', 'REVISION', 'UPDATED'],
    drones.map((drone) => [
      drone.deviceSerialNumber,
      drone.deviceName,
      drone.deviceCategory,
      onOff(drone.streamIsOn),
      onOff(drone.isUsingAiDetection),
      `${drone.revision}`,
      drone.updatedAt,
    ]),
  );

function mask(name: string, value: unknown): unknown {
  if (typeof value !== 'string' || value === '') return value;
  if (name === 'password') return MASK;
  return name === 'streamUrl' || name === 'webRTCUrl' ? maskUrl(value) : value;
}

/** A drone or an event as it may stay in a terminal's scrollback or a log: without passwords and the secrets in URLs. */
export const withoutSecrets = <T>(value: T): T => JSON.parse(JSON.stringify(value, mask));

export const droneFields = (drone: object): string =>
  Object.entries(drone)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? plain(value) : JSON.stringify(value)}`)
    .join('\n');

/** What an event says, apart from whom and when. */
function summary(item: Item): string {
  if (isGap(item)) return `events may be missing here: ${item.data.reason}`;
  if (isForeign(item)) return JSON.stringify(item.data);
  switch (item.event) {
    case 'drone.created':
      return `${item.data.full.deviceName} (${item.data.full.deviceCategory})`;
    case 'drone.updated':
      return JSON.stringify(item.data.changes);
    case 'drone.stream.status':
      return `${onOff(item.data.streamIsOn)} ${item.data.streamUrl}`;
    case 'drone.ai.detection.toggled':
      return onOff(item.data.isUsingAiDetection);
    case 'drone.detection.classes.changed':
      return JSON.stringify(item.data.detectionClasses);
    case 'drone.incident.detected':
      return `${item.data.incident.label ?? `class ${item.data.incident.classId ?? '?'}`} ${item.data.incident.imageUrl}`;
    case 'system.broadcast':
      return `${item.data.level}: ${item.data.message}`;
    default:
      return '';
  }
}

/** One line for a person: when, who, what. */
export function itemLine(item: Item): string {
  const isOurs = !isGap(item) && !isForeign(item);
  const time = isOurs ? item.timestamp : '-';
  const serialNumber = ('serialNumber' in item && item.serialNumber) || '-';
  const name = isForeign(item) ? item.channel : item.event;
  return plain(
    `${time.padEnd(24)}  ${serialNumber.padEnd(16)}  ${name.padEnd(32)}  ${summary(item)}`.trimEnd(),
  );
}
