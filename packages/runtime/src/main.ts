import { inspect } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { ConfigError } from './config.js';
import { maskSecrets } from './mask-secrets.js';

/** Another reason not to start that one line explains. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** What the user can mend without a stack trace. */
const isPlain = (error: unknown): error is Error =>
  error instanceof ConfigError ||
  error instanceof StartError ||
  (error instanceof Error &&
    'code' in error &&
    ['EADDRINUSE', 'EADDRNOTAVAIL', 'EACCES'].includes(String(error.code)));

/** Errors of libraries may quote the URL that they were given. */
const complain = (text: string): void => console.error(maskSecrets(text));

/**
 * Runs a process: starts it, then closes it on SIGTERM, SIGINT or an uncaught error. Exits with 1 when the start or the
 * close fails. How long a close may take is for those who send the signal to say.
 */
export async function main(start: () => Promise<{ close(): Promise<void> }>): Promise<void> {
  try {
    const running = await start();
    closeWithGrace({ delay: false }, async ({ err }) => {
      if (err) complain(inspect(err));
      await running.close();
    });
  } catch (error) {
    complain(isPlain(error) ? `dronecast: ${error.message}` : inspect(error));
    process.exit(1);
  }
}
