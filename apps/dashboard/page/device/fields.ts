import type { Drone } from '@dronecast/client';
import { classNameOf } from '../state/coco.js';
import type { Patch } from '../state/commands.js';
import { type Messages, notBlank, toMessages, urlOrEmpty } from '../ui/checks.js';

/** What the form edits, each as text, or as the ids of classes. */
export interface Fields {
  readonly deviceName: string;
  readonly deviceCategory: string;
  readonly alias: string;
  readonly description: string;
  readonly streamUrl: string;
  readonly webRTCUrl: string;
  /** One a line. */
  readonly cameras: string;
  readonly detectionClasses: readonly number[];
}

export type FieldName = keyof Fields;

export const LABELS: Readonly<Record<FieldName, string>> = {
  deviceName: 'Name',
  deviceCategory: 'Category',
  alias: 'Alias',
  description: 'Description',
  streamUrl: 'Stream URL',
  webRTCUrl: 'WebRTC URL',
  cameras: 'Cameras, one a line',
  detectionClasses: 'Detection classes',
};

/** Where the API finds each field. */
export const POINTERS: Readonly<Record<FieldName, string>> = {
  deviceName: '/deviceName',
  deviceCategory: '/deviceCategory',
  alias: '/metadata/alias',
  description: '/metadata/description',
  streamUrl: '/streamUrl',
  webRTCUrl: '/webRTCUrl',
  cameras: '/cameras',
  detectionClasses: '/detectionClasses',
};

/** Characters of a text, at most. */
const MAX_LENGTHS: Readonly<Partial<Record<FieldName, number>>> = {
  deviceName: 200,
  alias: 200,
  description: 2000,
  streamUrl: 2048,
  webRTCUrl: 2048,
};
const MAX_CAMERAS = 100;
const MAX_CAMERA_LENGTH = 200;

const CHECKS: Readonly<Partial<Record<FieldName, (text: string) => string | undefined>>> = {
  deviceName: notBlank('Enter a name.'),
  streamUrl: urlOrEmpty,
  webRTCUrl: urlOrEmpty,
  cameras(text) {
    const cameras = toLines(text);
    if (cameras.length > MAX_CAMERAS) return `Enter at most ${MAX_CAMERAS} cameras.`;
    const isTooLong = cameras.some((camera) => [...camera].length > MAX_CAMERA_LENGTH);
    return isTooLong ? `Use at most ${MAX_CAMERA_LENGTH} characters for each camera.` : undefined;
  },
};

export const FIELD_NAMES = Object.keys(LABELS) as FieldName[];

export const fieldsOf = (drone: Drone): Fields => ({
  deviceName: drone.deviceName,
  deviceCategory: drone.deviceCategory,
  alias: drone.metadata.alias,
  description: drone.metadata.description,
  streamUrl: drone.streamUrl,
  webRTCUrl: drone.webRTCUrl,
  cameras: drone.cameras.join('\n'),
  detectionClasses: drone.detectionClasses,
});

export const textOf = (value: Fields[FieldName]): string =>
  typeof value === 'string' ? value || '(empty)' : value.map(classNameOf).join(', ') || '(none)';

export const differs = (a: Fields, b: Fields): FieldName[] =>
  FIELD_NAMES.filter((name) => String(a[name]) !== String(b[name]));

const toLines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** The merge patch that makes `fields` of what was `base`. */
export function toPatch(base: Fields, fields: Fields): Patch {
  const changed = new Set(differs(base, fields));
  const { alias, description, cameras, detectionClasses, ...plain } = fields;
  const metadata = {
    ...(changed.has('alias') && { alias }),
    ...(changed.has('description') && { description }),
  };
  return {
    ...Object.fromEntries(Object.entries(plain).filter(([name]) => changed.has(name as FieldName))),
    ...(Object.keys(metadata).length > 0 && { metadata }),
    ...(changed.has('cameras') && { cameras: toLines(cameras) }),
    ...(changed.has('detectionClasses') && { detectionClasses: [...detectionClasses] }),
  };
}

/** What is wrong with the fields that were edited. */
export const check = (base: Fields, fields: Fields): Messages<FieldName> =>
  toMessages(
    Object.fromEntries(
      differs(base, fields).map((name) => {
        const value = fields[name];
        const most = MAX_LENGTHS[name];
        if (typeof value !== 'string') return [name, undefined];
        if (most !== undefined && [...value].length > most) return [name, `Use at most ${most} characters.`];
        return [name, CHECKS[name]?.(value)];
      }),
    ),
  );
