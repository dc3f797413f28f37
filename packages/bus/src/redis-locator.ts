import { createClient } from 'redis';
import { HASH_TAG } from './redis-keys.js';

/** How to find the server: it is at `url`, or sentinels or the nodes of a cluster know where it is. */
export type RedisMode = 'single' | 'sentinel' | 'cluster';

export interface RedisPlace {
  /**
   * `redis[s]://[[user][:password]@]host[:port][/db]`. In the mode `sentinel` its host is the name of the master among the
   * sentinels; in the mode `cluster` it is one of the nodes.
   */
  readonly url: string;
  /** Default `single`. */
  readonly mode?: RedisMode | undefined;
  /** URLs of the sentinels, or of more nodes of the cluster. */
  readonly nodes?: readonly string[] | undefined;
}

/** Host and port. */
type Address = readonly [host: string, port: number];
/** As CLUSTER SLOTS gives them. */
type SlotRange = readonly [first: number, last: number, master: Address];
type Ask = (command: string[]) => Promise<unknown>;

/** Which server takes writes: its URL. Rejects when nobody who could be asked knows. */
export type Locator = () => Promise<string>;

/** Every key of ours has the same hash tag, so that one master of a cluster has them all. */
async function askCluster(ask: Ask): Promise<Address | undefined> {
  const slot = (await ask(['CLUSTER', 'KEYSLOT', HASH_TAG])) as number;
  const ranges = (await ask(['CLUSTER', 'SLOTS'])) as SlotRange[];
  return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2];
}

async function askSentinel(ask: Ask, master: string): Promise<Address | undefined> {
  const found = (await ask(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master])) as [string, string] | null;
  return found ? [found[0], Number(found[1])] : undefined;
}

/** Puts questions to a server by a connection of their own. */
async function inquire<T>(url: string, timeoutMs: number, question: (ask: Ask) => Promise<T>): Promise<T> {
  const socket = { connectTimeout: timeoutMs, socketTimeout: timeoutMs, reconnectStrategy: false } as const;
  const client = createClient({ url, socket });
  client.on('error', () => {}); // The command or the connect rejects with it.
  try {
    await client.connect();
    return await question((command) => client.sendCommand(command));
  } finally {
    client.destroy();
  }
}

/** The URL with another host and port; its scheme, user, password and database stay. */
function at(url: string, [host, port]: Address): string {
  const moved = new URL(url);
  moved.hostname = host.includes(':') ? `[${host}]` : host;
  moved.port = String(port);
  return moved.href;
}

export function createLocator({ url, mode = 'single', nodes = [] }: RedisPlace, timeoutMs: number): Locator {
  if (mode === 'single') return async () => url;
  const master = new URL(url).hostname;
  const asked = mode === 'sentinel' ? [...nodes] : [url, ...nodes];
  const question = mode === 'sentinel' ? (ask: Ask) => askSentinel(ask, master) : askCluster;

  return async () => {
    let reason: unknown;
    for (const node of [...asked]) {
      try {
        const address = await inquire(node, timeoutMs, question);
        // An empty host is the one that was asked.
        if (address) return at(url, address[0] ? address : [new URL(node).hostname, address[1]]);
        reason = new Error(`${mode === 'sentinel' ? 'a sentinel' : 'a node'} of redis knows no master`);
      } catch (error) {
        reason = error;
      }
      // Whoever knows nothing is asked last from now on.
      asked.push(...asked.splice(asked.indexOf(node), 1));
    }
    throw new Error('nobody knows where redis takes writes', { cause: reason });
  };
}
