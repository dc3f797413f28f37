import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { maskSecrets } from './mask-secrets.js';

/** For people in a terminal; whatever else reads the log gets JSON. */
async function openTerminal(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  return pretty({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss.l', singleLine: true, sync: true });
}

const stream = process.stdout.isTTY ? await openTerminal() : pino.destination(1);

/**
 * Secrets are masked in the finished line: so it does not matter which library's error, at which depth, brought them
 * there. `level` is a pino level.
 */
const toOptions = (level: string): LoggerOptions => ({ level, hooks: { streamWrite: maskSecrets } });

/** A log on standard output, for Fastify to make. */
export const logOptions = (level: string) => ({ ...toOptions(level), stream });

/** A log on standard output. */
export const createLog = (level: string): Logger => pino(toOptions(level), stream);
