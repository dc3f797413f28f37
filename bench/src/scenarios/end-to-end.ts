import { limitBar, nothingLost } from '../bars.js';
import { OURS, OURS_ALONE } from '../contenders.js';
import { createLoad } from '../load.js';
import { builtPath, fromRoot } from '../paths.js';
import { createRig } from '../rig.js';
import type { Scenario } from '../scenario.js';
import { startMeasured } from '../server.js';
import { differences, latencyFigures } from '../statistics.js';
import type { WireTapCommands } from '../workers/wire-tap.js';

const SOCKETS = 100;
/** PATCHes per second. */
const RATE = 50;
const CONNECTIONS = 16;
const MONGODB_PORT = 27_017;
const TIMEOUT_MS = 10_000;

/** Microseconds from a commit to each of its frames. `commits` pairs stamps and commits, `frames` stamps and arrivals. */
function fromCommit(commits: Float64Array, frames: Float64Array): Float64Array {
  const committedAt = new Map<number, number>();
  for (let index = 0; index < commits.length; index += 2)
    committedAt.set(commits[index] ?? 0, commits[index + 1] ?? 0);
  const latencies: number[] = [];
  for (let index = 0; index < frames.length; index += 2) {
    const commit = committedAt.get(frames[index] ?? 0);
    if (commit !== undefined) latencies.push((frames[index + 1] ?? 0) - commit);
  }
  return Float64Array.from(latencies);
}

export const endToEnd: Scenario = {
  name: 'end-to-end',
  about: `${RATE} PATCH/s on real servers, ${SOCKETS} sockets on all events: from the database's answer to the frame`,
  figures: [
    { name: 'p50', title: 'commit p50 ms', digits: 2 },
    { name: 'p99', title: 'p99 ms', digits: 2 },
    { name: 'p999', title: 'p99.9 ms', digits: 2 },
    { name: 'requestP50', title: 'request p50 ms', digits: 1 },
    { name: 'requestP99', title: 'p99 ms', digits: 1 },
    { name: 'lost', title: 'lost', digits: 0 },
  ],
  bars: [
    limitBar({ contender: OURS, figure: 'p50', atMost: 5 }),
    limitBar({ contender: OURS, figure: 'p99', atMost: 25 }),
    nothingLost,
  ],

  async run({ stage, rounds, seconds, isQuick, record }) {
    const rig = await createRig(stage, OURS_ALONE);
    const mongoUrl = new URL(await stage.mongo());
    const tap = stage.child<WireTapCommands>(builtPath('src/workers/wire-tap.js'));
    const { hostname: host, port } = mongoUrl;
    mongoUrl.host = `127.0.0.1:${await tap.call('open', { host, port: Number(port) || MONGODB_PORT })}`;
    // A replica set would name its own addresses, past the tap.
    mongoUrl.searchParams.set('directConnection', 'true');
    const env = { REDIS_URL: rig.redisUrl, MONGODB_URL: mongoUrl.href };
    const api = await startMeasured(stage, fromRoot('apps/api/dist/server.js'), { env });
    const load = await createLoad(stage, api, CONNECTIONS);
    await load.warmUp('patch', isQuick);
    await rig.followAll(SOCKETS);

    for (let round = -1; round < rounds; round += 1) {
      await rig.clients.call('reset');
      await tap.call('commits');
      const { answered } = await load.run({ kind: 'patch', connections: CONNECTIONS, rate: RATE, seconds });
      const expected = answered * SOCKETS;
      const deliveries = await rig.clients.call('waitFor', { count: expected, timeoutMs: TIMEOUT_MS });
      const { times } = await rig.clients.call('tally');
      const request = latencyFigures(differences(times));
      const values = {
        ...latencyFigures(fromCommit(await tap.call('commits'), times)),
        requestP50: request.p50,
        requestP99: request.p99,
        lost: expected - deliveries,
      };
      // The round before the first one warms up.
      if (round >= 0) record({ variant: `${RATE} PATCH/s`, contender: rig.name, round, values });
    }
  },
};
