import type { Test } from 'tap';
import { type AppProcess, runProcess, startProcess } from '../../../test/support/process.js';

const SERVER = 'apps/standalone/dist/server.js';

/** What it does without `DATA_DIR` is to write into the working directory, which no test should. */
type Env = Record<string, string> & ({ DATA_DIR: string } | { DATA_DIR_FILE: string });

export const startStandalone = (t: Test, env: Env): Promise<AppProcess> => startProcess(t, SERVER, env);

/** For a start that is expected to fail. */
export const runStandalone = (t: Test, env: Env) => runProcess(t, SERVER, env);

export const eventsUrl = ({ port }: { port: number }, query = ''): string =>
  `ws://127.0.0.1:${port}/ws/events${query}`;
