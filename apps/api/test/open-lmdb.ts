import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { createLmdbStore } from '../src/store/lmdb/lmdb-store.js';
import type { OpenedStore } from './store-contract/context.js';

/** A store in a folder of its own; both go with the test. */
export async function openLmdbStore(t: Test): Promise<OpenedStore> {
  const path = await mkdtemp(join(tmpdir(), 'dronecast-lmdb-'));
  let store = createLmdbStore({ path });
  t.teardown(async () => {
    await store.close();
    await rm(path, { recursive: true, force: true });
  });
  return {
    store,
    async reopen() {
      await store.close();
      store = createLmdbStore({ path });
      return store;
    },
  };
}
