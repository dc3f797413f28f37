import { inspect } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { ConfigError } from './config.js';
import { explainListenError } from './listen-error.js';
import { maskSecrets } from './mask-secrets.js';

/** Another reason not to start that one line explains. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** One line for what the user can fix without a stack trace, else all that is known of the error. */
function describe(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StartError) return `dronecast: ${error.message}`;
  const reason = explainListenError(error);
  return reason === undefined ? inspect(error) : `dronecast: ${reason}`;
}

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
    complain(describe(error));
    process.exit(1);
  }
}
