import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import type { Disturbances } from './disturbances.js';
import { broadcastKey } from './fact.js';
import type { Options } from './options.js';
import type { System } from './system.js';
import type { Committed } from './verifier.js';

const SIMULATOR = fileURLToPath(import.meta.resolve('@dronecast/simulator/main'));
const TIMEOUT_MS = 10_000;
const PROBE_INTERVAL_MS = 250;
const BROADCAST_INTERVAL_MS = 1000;
const CHURN_INTERVAL_MS = 300;
/** Drones that are registered, changed and deleted over and over. */
const CHURN = 3;

/** Writes that were sent to a healthy API while Redis was broken. */
export interface ProbeResult {
  writes: number;
  readonly failures: string[];
  /** Milliseconds of the longest one. */
  longestMs: number;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

type Method = 'POST' | 'PATCH' | 'DELETE';

/** Status and body; status 0 when no answer came. */
async function send(url: string, method: Method, path: string, body?: object): Promise<Answer> {
  try {
    const answer = await request(`${url}/api/v1${path}`, {
      method,
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  } catch {
    return { status: 0, text: 'no answer' };
  }
}

const registration = (serialNumber: string) => ({
  deviceSerialNumber: serialNumber,
  deviceName: `Chaos ${serialNumber}`,
  deviceCategory: 'DRONE',
});

/** Keeps the system busy until it is stopped: two fleets on the same drones, births and deaths, broadcasts, probes. */
export function startLoad({ apis }: System, options: Options, disturbances: Disturbances) {
  const stop = new AbortController();
  const { signal } = stop;
  const sleep = (ms: number): Promise<void> => delay(ms, undefined, { signal }).catch(() => {});
  const probe: ProbeResult = { writes: 0, failures: [], longestMs: 0 };
  const broadcasts: Committed[] = [];
  let count = 0;
  const anyApi = (): string => apis[count++ % apis.length]?.url ?? '';

  function simulate(url: string, n: number): ChildProcess {
    const settings = {
      url,
      drones: options.drones,
      rate: options.rate / apis.length,
      seed: options.seed + n,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    return spawn(process.execPath, [SIMULATOR, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Tries again until the API has done it or found it done. */
  async function insist(method: Method, path: string, done: number, body?: object): Promise<void> {
    while (!signal.aborted) {
      const { status } = await send(anyApi(), method, path, body);
      if ((status >= 200 && status < 300) || status === done) return;
      await sleep(100);
    }
  }

  async function churn(serialNumber: string): Promise<void> {
    const drone = `/drones/sn/${serialNumber}`;
    for (let n = 0; !signal.aborted; n += 1) {
      await insist('POST', '/drones/register', 409, registration(serialNumber));
      await sleep(CHURN_INTERVAL_MS);
      await insist('PATCH', drone, 404, { streamIsOn: n % 2 === 0, metadata: { alias: `${n}` } });
      await sleep(CHURN_INTERVAL_MS);
      await insist('DELETE', drone, 404);
      if (n % 2 === 0) await sleep(CHURN_INTERVAL_MS);
    }
  }

  async function broadcast(): Promise<void> {
    for (let n = 0; !signal.aborted; n += 1) {
      const at = Date.now();
      const message = `announcement ${n}`;
      const { status } = await send(anyApi(), 'POST', '/system/broadcast', { message, level: 'info' });
      if (status === 202) broadcasts.push({ fact: { key: broadcastKey(message), kind: 'system' }, at });
      await sleep(BROADCAST_INTERVAL_MS);
    }
  }

  /** Counts a write only if its API and the database were sound from before it to after it. */
  async function probeApi(url: string, n: number): Promise<void> {
    const serialNumber = `PROBE-${n}`;
    const others = [`api-${n}`, 'mongo'];
    await insist('POST', '/drones/register', 409, registration(serialNumber));
    for (let value = 0; !signal.aborted; value += 1) {
      await sleep(PROBE_INTERVAL_MS);
      const before = disturbances.count(others);
      const counts = disturbances.isActive('redis') && !others.some(disturbances.isActive);
      const sentAt = performance.now();
      const { status, text } = await send(url, 'PATCH', `/drones/sn/${serialNumber}`, {
        metadata: { alias: `${value}` },
      });
      if (!counts || disturbances.count(others) !== before) continue;
      probe.writes += 1;
      probe.longestMs = Math.max(probe.longestMs, performance.now() - sentAt);
      if (status !== 200) probe.failures.push(`${text} from api-${n} at ${new Date().toISOString()}`);
    }
  }

  const simulators = apis.map(({ url }, n) => simulate(url, n));
  const tasks = [
    ...Array.from({ length: CHURN }, (_, n) => churn(`CHURN-${n}`)),
    ...apis.map(({ url }, n) => probeApi(url, n)),
    broadcast(),
  ];

  return {
    probe,
    broadcasts: broadcasts as readonly Committed[],
    async stop(): Promise<void> {
      stop.abort();
      const running = simulators.filter(
        ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
      );
      for (const simulator of running) simulator.kill('SIGTERM');
      await Promise.all([...tasks, ...running.map((simulator) => once(simulator, 'exit'))]);
    },
  };
}
