import { setTimeout as delay } from 'node:timers/promises';
import { type Cursor, compareStreamIds, KINDS, parseCursor, STREAM_START } from '@dronecast/events';
import type { Wish } from './client-log.js';
import { createDisturbances } from './disturbances.js';
import { MAKE } from './faults.js';
import { createLibraryClient, type Witness } from './library-client.js';
import { type ProbeResult, startLoad } from './load.js';
import type { Options } from './options.js';
import { createPythonClient } from './python-client.js';
import { createSchedule, type Fault } from './schedule.js';
import { createSightings, type Sightings } from './sighting.js';
import { ready, type System, startSystem } from './system.js';
import { startTap, type Tap } from './tap.js';
import { backlog, readCommitted } from './truth.js';
import { type Verdict, verify } from './verifier.js';
import { createVerifyingClient, type VerifyingClient } from './verifying-client.js';

/** How the libraries connect. */
const TRANSPORTS = ['ws', 'sse', 'poll'] as const;

/** Milliseconds that all events have to reach all clients once nothing is broken any more. */
const SETTLE_TIMEOUT_MS = 120_000;

export interface Outcome {
  readonly faults: readonly Fault[];
  /** Distinct events committed. */
  readonly events: number;
  readonly verdicts: readonly Verdict[];
  readonly probe: ProbeResult;
  /** How often clients were closed, by code. */
  readonly closeCodes: ReadonlyMap<number, number>;
  readonly losses: number;
  /** Drones whose events were never acknowledged. */
  readonly backlog: number;
  /** When the first fault was due, milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** What the clients of a group follow. Serial numbers as the simulator gives them. */
function createWish(n: number): { group: string; wish: Wish } {
  const sn = (offset: number): string => `DRN-${String(((n + offset) % 9) + 1).padStart(4, '0')}`;
  const kinds = KINDS.filter((_, k) => (k + n) % 3 !== 0);
  switch (n % 5) {
    case 0:
      return { group: 'all', wish: {} };
    case 1:
      return { group: 'one serial', wish: { serialNumbers: [n % 2 ? sn(0) : 'CHURN-0'] } };
    case 2:
      return { group: 'several serials', wish: { serialNumbers: [sn(0), sn(1), sn(2), 'CHURN-1'] } };
    case 3:
      return { group: 'kinds', wish: { kinds } };
    default:
      return { group: 'serials and kinds', wish: { serialNumbers: [sn(0), 'CHURN-2', 'PROBE-0'], kinds } };
  }
}

/** The clients of this repository, by each transport, each on one of the relays. */
function createWitnesses(
  { clientLinks }: System,
  sightings: Sightings,
  python: string | undefined,
): Witness[] {
  return TRANSPORTS.flatMap((transport, n) => {
    const url = `http://127.0.0.1:${clientLinks[n % clientLinks.length]?.port}`;
    const options = { url, transport, sightings };
    const witness = createLibraryClient({ ...options, name: `client-ts-${transport}` });
    return python
      ? [witness, createPythonClient(python, { ...options, name: `client-python-${transport}` })]
      : [witness];
  });
}

async function poll(check: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = Date.now() + SETTLE_TIMEOUT_MS; Date.now() < deadline; await delay(200))
    if (await check()) return true;
  return false;
}

/** Runs system, load, clients and faults, and then judges what each client saw. */
export async function runCampaign(options: Options, say: (line: string) => void): Promise<Outcome> {
  const system = await startSystem(options.mutation);
  const sightings = createSightings();
  const tap = startTap(system.redis.url, sightings);
  const disturbances = createDisturbances();
  const losses: number[] = [];
  const clients: VerifyingClient[] = [];
  const witnesses: Witness[] = [];
  try {
    const relays = system.clientLinks.map(({ port }) => `ws://127.0.0.1:${port}`);
    for (let n = 0; n < options.clients; n += 1) {
      clients.push(createVerifyingClient({ name: `client-${n}`, ...createWish(n), relays, sightings }));
    }
    witnesses.push(...clients, ...createWitnesses(system, sightings, options.python));
    await Promise.all(witnesses.map((witness) => witness.start()));
    const load = startLoad(system, options, disturbances);

    const startedAt = Date.now();
    const faults = createSchedule(options.faults, options.seed, options.minutes * 60_000);
    const { backlogMiB, earlier } = options;
    const context = { system, clients, tap, backlogMiB, earlier, onLoss: () => void losses.push(Date.now()) };
    await makeFaults(faults, disturbances, say, (fault) => MAKE[fault.name](context, fault));

    say('settling');
    await load.stop();
    await Promise.all([...system.apis, ...system.relays].map(ready));
    await poll(async () => (await backlog(system.mongo.url)) === 0);
    const waiting = await backlog(system.mongo.url);
    if (waiting > 0) for (const app of system.apis) say(`events of ${waiting} drones wait\n${app.output()}`);
    const end = await reachEnd(tap, witnesses);

    const committed = [...(await readCommitted(system.mongo.url, system.journal)), ...load.broadcasts];
    const logs = witnesses.map((witness) => witness.log());
    const verdicts = verify({ committed, sightings: sightings.all(), clients: logs, losses, end });
    const closeCodes = new Map<number, number>();
    for (const client of clients)
      for (const [code, count] of client.closeCodes)
        closeCodes.set(code, (closeCodes.get(code) ?? 0) + count);
    return {
      ...{ faults, verdicts, probe: load.probe, closeCodes, losses: losses.length },
      events: committed.length,
      backlog: waiting,
      startedAt,
      durationMs: Date.now() - startedAt,
    };
  } finally {
    for (const witness of witnesses) witness.close();
    await tap.close();
    await system.close();
  }
}

/** Alone means after all others; two mixed ones that touch the same part follow one another. */
async function makeFaults(
  faults: readonly Fault[],
  disturbances: ReturnType<typeof createDisturbances>,
  say: (line: string) => void,
  make: (fault: Fault) => Promise<void>,
): Promise<void> {
  const startedAt = Date.now();
  const lanes = new Map<string, Promise<void>>();
  for (const fault of faults) {
    const part = ['redis', 'mongo'].includes(fault.part) ? fault.part : `${fault.part}-${fault.target % 2}`;
    await delay(Math.max(0, startedAt + fault.at - Date.now()));
    const time = (): string => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
    const run = async (): Promise<void> => {
      const from = time();
      await disturbances.during(part, () => make(fault));
      say(`${from} to ${time()} ${fault.phase}: ${fault.name} (${fault.target})`);
    };
    const done = (lanes.get(part) ?? Promise.resolve()).then(run);
    lanes.set(part, done);
    if (fault.phase === 'alone') await done;
  }
  await Promise.all(lanes.values());
}

/** Resolves with the history's end when all clients are there, or have had time enough. */
async function reachEnd(tap: Tap, witnesses: readonly Witness[]): Promise<Cursor> {
  let end: Cursor = { epoch: '', id: STREAM_START };
  await poll(async () =>
    tap.read().then(
      (place) => {
        end = place;
        return true;
      },
      () => false,
    ),
  );
  await poll(async () =>
    witnesses.every((witness) => {
      const place = parseCursor(witness.cursor() ?? '');
      return place?.epoch === end.epoch && compareStreamIds(place.id, end.id) >= 0;
    }),
  );
  return end;
}
