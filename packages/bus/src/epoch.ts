import { randomBytes } from 'node:crypto';

/** 12 hex digits. */
export const createEpoch = (): string => randomBytes(6).toString('hex');
