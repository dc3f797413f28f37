import { isDeepStrictEqual } from 'node:util';
import type { Drone, DroneFields } from './drone.js';

type Change<T> = {
  -readonly [K in keyof T]?: T[K] extends unknown[] ? T[K] : T[K] extends object ? Partial<T[K]> : T[K];
};

/** What differs between two states of a drone: the new values and the old ones, under the same names. */
export interface Difference {
  readonly changes: Change<DroneFields>;
  readonly previous: Change<DroneFields>;
}

const FIELDS = [
  'deviceName',
  'deviceCategory',
  'metadata',
  'isUsingAiDetection',
  'streamIsOn',
  'streamUrl',
  'webRTCUrl',
  'streamCredentials',
  'cameras',
  'detectionClasses',
] as const satisfies readonly (keyof DroneFields)[];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function compare(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  names: readonly string[],
): [changes: Record<string, unknown>, previous: Record<string, unknown>] {
  const changes: Record<string, unknown> = {};
  const previous: Record<string, unknown> = {};
  for (const name of names) {
    const [old, current] = [before[name], after[name]];
    if (isDeepStrictEqual(old, current)) continue;
    if (isObject(old) && isObject(current)) {
      [changes[name], previous[name]] = compare(old, current, Object.keys(current));
    } else {
      changes[name] = current;
      previous[name] = old;
    }
  }
  return [changes, previous];
}

/** Names of the fields that are set, nested ones with a dot. */
export const fieldNames = (fields: object, prefix = ''): string[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    isObject(value) ? fieldNames(value, `${prefix}${name}.`) : [`${prefix}${name}`],
  );

/** Undefined when nothing that a caller may set has changed. Objects are compared by member, arrays as a whole. */
export function diff(before: Drone, after: Drone): Difference | undefined {
  const [changes, previous] = compare(before, after, FIELDS);
  return Object.keys(changes).length > 0 ? { changes, previous } : undefined;
}
