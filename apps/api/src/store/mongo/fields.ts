import { CocoClass, DEVICE_CATEGORIES, type DeviceCategory } from '@dronecast/events';
import { Value } from '@sinclair/typebox/value';
import { ObjectId } from 'mongodb';
import { foldCategory } from '../../drone/drone.js';
import { toInstant, toTime } from './stored-time.js';

/** Hears of each field that is not taken as it is. No value is part of the message. */
export type Tell = (pointer: string, message: string) => void;

/** For whoever reads a document a second time. */
export const ignore: Tell = () => {};

/** What a field has to be. */
export interface Kind<T> {
  /** Completes "must be". */
  readonly expected: string;
  /** Undefined for a value that is something else. */
  readonly read: (value: unknown) => T | undefined;
  /** The value in another form, of which the kind can be made all the same. */
  readonly convert?: (value: unknown) => T | undefined;
}

export type Fields = Readonly<Record<string, unknown>>;

/** A document or subdocument, not one of BSON's own types. */
export function isFields(value: unknown): value is Fields {
  if (typeof value !== 'object' || value === null || '_bsontype' in value) return false;
  return Object.getPrototypeOf(value) === Object.prototype;
}

/** Larger than any count of commits or bytes, and exact in a double with room for more. */
export const MAX_COUNT = 1e12;

const when =
  <T>(test: (value: unknown) => boolean) =>
  (value: unknown): T | undefined =>
    test(value) ? (value as T) : undefined;

export const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_COUNT;
const isPort = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 65_535;
const isReal = (value: unknown): value is number => Number.isFinite(value);

export const TEXT: Kind<string> = { expected: 'a string', read: when((value) => typeof value === 'string') };
export const SERIAL_NUMBER: Kind<string> = {
  expected: 'a string that is not empty: without one the document is left out',
  read: when((value) => typeof value === 'string' && value !== ''),
};
export const FLAG: Kind<boolean> = {
  expected: 'true or false',
  read: when((value) => typeof value === 'boolean'),
};
export const COUNT: Kind<number> = { expected: 'a whole number, 0 or more', read: when(isCount) };
export const NUMBER: Kind<number> = { expected: 'a number', read: when(isReal) };
export const SHARE: Kind<number> = {
  expected: 'a number from 0 to 1',
  read: when((value) => isReal(value) && value >= 0 && value <= 1),
};
export const CLASS_ID: Kind<number> = {
  expected: 'a COCO class id, 0-79',
  read: when((value) => Value.Check(CocoClass, value)),
};
export const OBJECT: Kind<Fields> = { expected: 'an object', read: when(isFields) };
export const ARRAY: Kind<readonly unknown[]> = { expected: 'an array', read: when(Array.isArray) };
export const OBJECT_ID: Kind<ObjectId> = {
  expected: 'an ObjectId',
  read: when((value) => value instanceof ObjectId),
};
/** A date that only this service writes. */
export const DATE: Kind<Date> = { expected: 'a date', read: when((value) => value instanceof Date) };
export const TIME: Kind<Date> = {
  expected: 'a date of the years 0001 to 9999',
  read: (value) => (value instanceof Date ? toInstant(value) : undefined),
  convert: toTime,
};
export const PORT: Kind<string> = {
  expected: 'a TCP port, 1-65535, as a number or as text',
  read: (value) => {
    if (typeof value === 'string') return value;
    return typeof value === 'number' && isPort(value) ? String(value) : undefined;
  },
};
export const CATEGORY: Kind<DeviceCategory> = {
  expected: 'DRONE, BODY CAM or CCTV, in any case',
  read: (value) => {
    const category = typeof value === 'string' ? foldCategory(value) : undefined;
    return category && DEVICE_CATEGORIES.includes(category) ? category : undefined;
  },
};

/** Reads the fields of a document one by one. What is absent or null is its default; what is of another kind too, and is told. */
export function createReader(fields: Fields, at: string, tell: Tell) {
  function take<T, D>(name: string, { expected, read, convert }: Kind<T>, fallback: D): T | D {
    const value = fields[name];
    if (value === undefined || value === null) return fallback;
    const taken = read(value);
    if (taken !== undefined) return taken;
    tell(`${at}/${name}`, `must be ${expected}`);
    return convert?.(value) ?? fallback;
  }

  return {
    take,
    /** The elements of an array that are of this kind. */
    takeAll<T>(name: string, { expected, read }: Kind<T>): T[] {
      return take(name, ARRAY, []).flatMap((element, index) => {
        const taken = read(element);
        if (taken !== undefined) return [taken];
        tell(`${at}/${name}/${index}`, `must be ${expected}`);
        return [];
      });
    },
  };
}

export type Reader = ReturnType<typeof createReader>;
