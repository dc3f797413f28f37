import { setTimeout as pause } from 'node:timers/promises';
import { nothingLost, ratioBar } from '../bars.js';
import { OURS_ALONE } from '../contenders.js';
import { createLoad } from '../load.js';
import { builtPath, fromRoot } from '../paths.js';
import { createRig } from '../rig.js';
import type { Scenario } from '../scenario.js';
import { startMeasured } from '../server.js';
import { differences, latencyFigures } from '../statistics.js';
import type { Attack, AttackerCommands } from '../workers/attacker.js';

const SOCKETS = 20;
/** PATCHes per second. */
const RATE = 50;
const CONNECTIONS = 8;
const TIMEOUT_MS = 10_000;
/** Until an attack is under way, and until it is over. */
const SETTLE_MS = 2000;

const QUIET = 'quiet';
const VARIANT = `${RATE} PATCH/s, ${SOCKETS} sockets`;

/** By name; the two ports are the API's and the relay's. */
function attacksOn(api: number, relay: number): readonly (readonly [name: string, attacks: Attack[]])[] {
  const halfOpen: Attack[] = [{ port: relay, behaviour: 'halfOpen', count: 5000 }];
  const slowLoris: Attack[] = [
    { port: relay, behaviour: 'slowHeaders', count: 400 },
    { port: api, behaviour: 'slowHeaders', count: 400 },
    { port: api, behaviour: 'slowBody', count: 200 },
  ];
  const flood: Attack[] = [{ port: relay, behaviour: 'flood', count: 1 }];
  const neverRead: Attack[] = [{ port: relay, behaviour: 'neverRead', count: 1 }];
  return [
    [QUIET, []],
    ['5,000 half-open handshakes', halfOpen],
    ['1,000 slow requests', slowLoris],
    ['a client that floods', flood],
    ['a client that never reads', neverRead],
    ['all of them', [...halfOpen, ...slowLoris, ...flood, ...neverRead]],
  ];
}

const NAMES = attacksOn(0, 0).map(([name]) => name);
const HOSTILE = NAMES.filter((name) => name !== QUIET);

export const abuse: Scenario = {
  name: 'abuse',
  about: `${SOCKETS} honest sockets and ${RATE} PATCH/s beside those who mean harm: from the request to the frame`,
  figures: [
    { name: 'p50', title: 'frame p50 ms', digits: 1 },
    { name: 'p99', title: 'p99 ms', digits: 1 },
    { name: 'requestP50', title: 'request p50 ms', digits: 1 },
    { name: 'requestP99', title: 'p99 ms', digits: 1 },
    { name: 'lost', title: 'lost', digits: 0 },
  ],
  compare: { figure: 'p99', to: QUIET },
  bars: [
    ...HOSTILE.flatMap((contender) => [
      ratioBar({ contender, figure: 'p99', to: QUIET, atMost: 4 }),
      ratioBar({ contender, figure: 'requestP99', to: QUIET, atMost: 4 }),
    ]),
    nothingLost,
  ],

  async run({ stage, rounds, seconds, isQuick, record }) {
    const rig = await createRig(stage, OURS_ALONE);
    const env = { REDIS_URL: rig.redisUrl, MONGODB_URL: await stage.mongo() };
    const api = await startMeasured(stage, fromRoot('apps/api/dist/server.js'), { env });
    const attacker = stage.child<AttackerCommands>(builtPath('src/workers/attacker.js'));
    const load = await createLoad(stage, api, CONNECTIONS);
    await load.warmUp('patch', isQuick);
    await rig.followAll(SOCKETS);

    for (let round = 0; round < rounds; round += 1) {
      for (const [contender, attacks] of attacksOn(api.port, rig.port())) {
        await attacker.call('start', attacks);
        await pause(SETTLE_MS);
        await rig.clients.call('reset');
        const request = { kind: 'patch', connections: CONNECTIONS, rate: RATE, seconds } as const;
        const { answered, times: requests } = await load.run(request);
        const expected = answered * SOCKETS;
        const deliveries = await rig.clients.call('waitFor', { count: expected, timeoutMs: TIMEOUT_MS });
        const { times } = await rig.clients.call('tally');
        await attacker.call('stop');
        await pause(SETTLE_MS);
        const answer = latencyFigures(differences(requests));
        const { p50, p99 } = latencyFigures(differences(times));
        const values = {
          p50,
          p99,
          requestP50: answer.p50,
          requestP99: answer.p99,
          lost: expected - deliveries,
        };
        record({ variant: VARIANT, contender, round, values });
      }
    }
  },
};
