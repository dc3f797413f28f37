import { mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StartError } from '@dronecast/runtime';
import { tryLock } from 'fs-native-extensions';

function openLockFile(path: string): number {
  try {
    mkdirSync(path, { recursive: true });
    return openSync(join(path, 'dronecast.lock'), 'a+');
  } catch (error) {
    throw new StartError(`DATA_DIR ${path} cannot be written (${(error as NodeJS.ErrnoException).code})`);
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
