import { MongoClient } from 'mongodb';
import type { Test } from 'tap';
import { Queue } from '../../../test/support/queue.js';
import type { DroneStore } from '../src/store/drone-store.js';
import { createMongoStore } from '../src/store/mongo/mongo-store.js';
import type { OpenedStore } from './store-contract/context.js';

/** Short, so that a server that is away is noticed soon. */
export const TIMEOUT_MS = 1000;

let databases = 0;

/** Another database on the server of `url`, dropped after the test. */
export function createDatabase(t: Test, url: string): string {
  databases += 1;
  const own = url.replace(/(\/dronecast_test_\w+)/, `$1_${databases}`);
  t.teardown(async () => {
    const client = new MongoClient(own, { serverSelectionTimeoutMS: TIMEOUT_MS });
    await client
      .db()
      .dropDatabase()
      .catch(() => {}); // The server may be gone before.
    await client.close();
  });
  return own;
}

export interface StartedStore {
  readonly store: DroneStore;
  /** What the store logs. */
  readonly log: Queue<string>;
}

/** A store that is closed with the test. */
export function startMongoStore(t: Test, url: string, timeoutMs = TIMEOUT_MS): StartedStore {
  const log = new Queue<string>();
  const record = (...args: unknown[]) => log.push(String(args.at(-1)));
  const store = createMongoStore({
    url,
    poolSize: 20,
    timeoutMs,
    log: { info: record, warn: record, error: record },
  });
  t.teardown(() => store.close());
  return { store, log };
}

export const untilReady = ({ log }: StartedStore): Promise<string> =>
  log.find((message) => message === 'mongodb is ready');

/** A store that can be written to. */
export async function openMongoStore(t: Test, url: string, timeoutMs?: number): Promise<OpenedStore> {
  const open = async () => {
    const started = startMongoStore(t, url, timeoutMs);
    await untilReady(started);
    return started.store;
  };
  const store = await open();
  return {
    store,
    async reopen() {
      await store.close();
      return open();
    },
  };
}
