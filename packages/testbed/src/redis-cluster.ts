import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from 'redis';
import { freePort } from './free-port.js';
import { type Redis, startRedis } from './redis.js';

const SLOTS = 16_384;
const MASTERS = 3;

export interface RedisCluster {
  readonly nodes: readonly [string, ...string[]];
  readonly servers: readonly Redis[];
  /** Moves the slot of a key, and what is in it, to another master. Resolves with that one's place among the nodes. */
  move(key: string): Promise<number>;
  remove(): Promise<void>;
}

type Command = (...args: (string | number)[]) => Promise<unknown>;

async function connect(url: string): Promise<{ command: Command; close(): void }> {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  return {
    command: (...args) => client.sendCommand(args.map(String)),
    close: () => client.destroy(),
  };
}

/** Nodes talk to each other on a port of their own. */
const clusterArgs = (busPort: number): string[] => [
  ...['--save', '', '--appendonly', 'no', '--cluster-enabled', 'yes'],
  ...['--cluster-node-timeout', '2000', '--cluster-port', `${busPort}`],
];

/** Three masters without replicas that share all slots. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const busPorts = await Promise.all(Array.from({ length: MASTERS }, freePort));
  const servers: Redis[] = [];
  // One after the other, so that what has started is known, and can be removed, when the next one does not.
  try {
    for (const busPort of busPorts) servers.push(await startRedis({ args: clusterArgs(busPort) }));
  } catch (error) {
    await Promise.all(servers.map((server) => server.remove()));
    throw error;
  }
  const nodes = servers.map(({ url }) => url) as [string, ...string[]];
  const clients = await Promise.all(nodes.map(connect));
  const share = Math.ceil(SLOTS / MASTERS);
  for (const [index, { command }] of clients.entries()) {
    const last = Math.min(SLOTS, (index + 1) * share) - 1;
    await command('CLUSTER', 'ADDSLOTSRANGE', index * share, last);
    for (const [at, { port }] of servers.entries())
      await command('CLUSTER', 'MEET', '127.0.0.1', port, busPorts[at] ?? 0);
  }
  for (const { command } of clients)
    while (!String(await command('CLUSTER', 'INFO')).includes('cluster_state:ok')) await pause(50);

  return {
    nodes,
    servers,
    async move(key) {
      const slot = (await clients[0]?.command('CLUSTER', 'KEYSLOT', key)) as number;
      const from = Math.floor(slot / share);
      const to = (from + 1) % MASTERS;
      const [source, target] = [clients[from], clients[to]] as [{ command: Command }, { command: Command }];
      const [sourceId, targetId] = await Promise.all([
        source.command('CLUSTER', 'MYID'),
        target.command('CLUSTER', 'MYID'),
      ]);
      await target.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', `${sourceId}`);
      await source.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', `${targetId}`);
      const keys = (await source.command('CLUSTER', 'GETKEYSINSLOT', slot, 10_000)) as string[];
      const port = servers[to]?.port ?? 0;
      if (keys.length > 0)
        await source.command('MIGRATE', '127.0.0.1', port, '', 0, 5000, 'REPLACE', 'KEYS', ...keys);
      for (const { command } of clients) await command('CLUSTER', 'SETSLOT', slot, 'NODE', `${targetId}`);
      return to;
    },
    async remove() {
      for (const { close } of clients) close();
      await Promise.all(servers.map((server) => server.remove()));
    },
  };
}
