import { type Logger, type LoggerOptions, pino } from 'pino';
import { maskSecrets } from './mask-secrets.js';

/**
 * Secrets are masked in the finished line: so it does not matter which library's error, at which depth, brought them
 * there. `level` is a pino level.
 */
export const logOptions = (level: string): LoggerOptions => ({ level, hooks: { streamWrite: maskSecrets } });

/** A log on standard output. */
export const createLog = (level: string): Logger => pino(logOptions(level));
