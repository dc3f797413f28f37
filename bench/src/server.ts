import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@dronecast/testbed';
import type { Child, ChildOptions } from './child.js';
import { PROBE } from './paths.js';
import type { ProbeCommands, Usage } from './probe.js';
import type { Stage } from './stage.js';

const START_TIMEOUT_MS = 30_000;
/** What has to be said in production. */
const PRODUCTION = { AUTH_MODE: 'none', CREDENTIALS_KEY: `bench:${randomBytes(32).toString('base64')}` };

/** A server under test, in a process of its own. */
export interface MeasuredServer {
  readonly port: number;
  usage(): Promise<Usage>;
  kill(): Promise<void>;
}

const isReady = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** Starts a server that listens on `PORT`, and waits until it is ready. */
export async function startMeasured(
  stage: Stage,
  script: string,
  { env, ...options }: ChildOptions = {},
): Promise<MeasuredServer> {
  const port = await freePort();
  const child: Child<ProbeCommands> = stage.child(script, {
    ...options,
    execArgv: ['--import', PROBE],
    env: { ...PRODUCTION, HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...env, PORT: String(port) },
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(port))) {
    if (!child.isRunning() || Date.now() > deadline)
      throw new Error(`${script} did not start\n${child.output()}`);
    await pause(20);
  }
  return { port, usage: () => child.call('usage'), kill: child.kill };
}
