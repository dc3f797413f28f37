import { createHash } from 'node:crypto';

/** Milliseconds for which a repeated `Idempotency-Key` is recognized. */
export const REMEMBERED_MS = 24 * 3_600_000;

/** Members in one order, so that the same value has the same text. */
const sortMembers = (_name: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** SHA-256 of a JSON value in hex; the order of an object's members does not matter. */
export const hashOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value, sortMembers)).digest('hex');
