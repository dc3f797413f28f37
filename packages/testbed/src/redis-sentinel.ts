import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'redis';
import { type Redis, startRedis } from './redis.js';
import { type Server, startServer } from './server.js';

const MASTER = 'dronecast';
const SENTINELS = 3;

export interface RedisSentinels {
  /** What `REDIS_URL` is. */
  readonly url: string;
  /** Of the sentinels. */
  readonly nodes: readonly string[];
  /** The first one is the master, until it fails. */
  readonly servers: readonly [Redis, ...Redis[]];
  remove(): Promise<void>;
}

/** A master with replicas, and sentinels that make another one the master when it is gone for half a second. */
export async function startRedisSentinels({ replicas = 1 } = {}): Promise<RedisSentinels> {
  const disk = ['--save', '', '--appendonly', 'no', '--repl-diskless-sync-delay', '0'];
  const master = await startRedis({ args: disk });
  const copies: Redis[] = [];
  for (let number = 0; number < replicas; number += 1)
    copies.push(await startRedis({ args: [...disk, '--replicaof', '127.0.0.1', `${master.port}`] }));
  const sentinels: Server[] = [];
  for (let number = 0; number < SENTINELS; number += 1) {
    // Sentinels write their configuration: it has to be a file.
    const sentinel = await startServer('sh', ({ port, dir }) => [
      '-c',
      `cat > ${dir}/sentinel.conf <<END
port ${port}
bind 127.0.0.1
dir ${dir}
sentinel monitor ${MASTER} 127.0.0.1 ${master.port} 2
sentinel down-after-milliseconds ${MASTER} 500
sentinel failover-timeout ${MASTER} 2000
END
exec redis-server ${dir}/sentinel.conf --sentinel`,
    ]);
    sentinels.push(sentinel);
  }
  const nodes = sentinels.map(({ port }) => `redis://127.0.0.1:${port}`);
  await Promise.all(nodes.map((node) => knowsAll(node, replicas)));
  return {
    url: `redis://${MASTER}`,
    nodes,
    servers: [master, ...copies],
    async remove() {
      await Promise.all([...sentinels, master, ...copies].map((server) => server.remove()));
    },
  };
}

/** Waits until a sentinel has found the replicas and the other sentinels. */
async function knowsAll(node: string, replicas: number): Promise<void> {
  const client = createClient({ url: node });
  client.on('error', () => {});
  await client.connect();
  for (;;) {
    const found = (await client.sendCommand(['SENTINEL', 'MASTER', MASTER])) as unknown as Record<
      string,
      string
    >;
    if (Number(found['num-slaves']) >= replicas && Number(found['num-other-sentinels']) >= SENTINELS - 1)
      break;
    await pause(50);
  }
  client.destroy();
}
