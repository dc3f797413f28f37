import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { maskSecrets } from './mask-secrets.js';

/** The fields of a request's line as its text: a person reads it at a glance. */
function shorten(line: string): string {
  if (!line.includes('"msg":"request"')) return line;
  const { method, path, status, ms, reqId, ...others } = JSON.parse(line);
  return `${JSON.stringify({ ...others, msg: `${method} ${path} ${status} ${Number(ms).toFixed(1)} ms` })}\n`;
}

/** For people in a terminal; whatever else reads the log gets JSON. */
async function openTerminal(): Promise<DestinationStream> {
  const { default: pretty } = await import('pino-pretty');
  const terminal = pretty({
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
    sync: true,
  });
  return { write: (line) => void terminal.write(shorten(line)) };
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
