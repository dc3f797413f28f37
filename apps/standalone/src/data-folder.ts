import { existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createLmdbStore } from '@dronecast/api';
import { StartError } from '@dronecast/runtime';
import { tryLock } from 'fs-native-extensions';

/** Node's own `recursive` never returns where the system refuses a folder with ENOENT, as /proc does. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  if (!existsSync(dirname(path))) makeFolder(dirname(path));
  mkdirSync(path);
}

function openLockFile(path: string): number {
  try {
    makeFolder(path);
    return openSync(join(path, 'dronecast.lock'), 'a+');
  } catch (error) {
    throw new StartError(`DATA_DIR ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The store in the folder. Throws a StartError when this user may not write its files. */
export function openStore(path: string): ReturnType<typeof createLmdbStore> {
  try {
    return createLmdbStore({ path });
  } catch (error) {
    throw new StartError(`DATA_DIR ${path} cannot be opened (${(error as Error).message})`);
  }
}

/**
 * Makes a folder ours alone and returns its absolute path. The system gives the lock up when the process ends, however
 * it ends; until then the file stays open.
 */
export function lockDataFolder(folder: string): string {
  const path = resolve(folder);
  if (!tryLock(openLockFile(path))) throw new StartError(`DATA_DIR ${path} is in use by another process`);
  return path;
}
