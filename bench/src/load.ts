import { builtPath } from './paths.js';
import type { MeasuredServer } from './server.js';
import type { Stage } from './stage.js';
import { differences, latencyFigures } from './statistics.js';
import type { HttpClientCommands, HttpRequest, Kind } from './workers/http-client.js';

const DRONES = 256;
/** A process is at its best only after some thousand requests. */
const WARM_UP_PASSES = 16;

/** Sends requests to an API from a process of its own. */
export async function createLoad(stage: Stage, server: MeasuredServer, connections: number) {
  const client = stage.child<HttpClientCommands>(builtPath('src/workers/http-client.js'));
  const run = async (request: Omit<HttpRequest, 'port' | 'drones'>) => {
    const answer = await client.call('run', { port: server.port, drones: DRONES, ...request });
    for (const [status, count] of answer.refusals)
      throw new Error(`${count} of ${answer.answered} requests were answered ${status}`);
    return answer;
  };
  await run({ kind: 'register', connections });

  return {
    run,

    async warmUp(kind: Exclude<Kind, 'register'>, isQuick: boolean): Promise<void> {
      for (let pass = 0; pass < (isQuick ? 1 : WARM_UP_PASSES); pass += 1) await run({ kind, connections });
    },

    /** Keeps all connections busy for a while. */
    async measure(kind: Exclude<Kind, 'register'>, seconds: number) {
      const before = await server.usage();
      const { answered, elapsedUs, times } = await run({ kind, connections, seconds });
      const after = await server.usage();
      const cpuUs = after.cpuUs - before.cpuUs;
      return {
        cpuPerRequest: cpuUs / answered,
        requestsPerSecond: (answered / elapsedUs) * 1e6,
        requestsPerCore: (answered / cpuUs) * 1e6,
        ...latencyFigures(differences(times)),
      };
    },
  };
}

export type Load = Awaited<ReturnType<typeof createLoad>>;
