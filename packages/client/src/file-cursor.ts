import { readFile, rename, writeFile } from 'node:fs/promises';
import type { CursorStore } from './cursor-store.js';

/**
 * In a file that is replaced as a whole, so that a crash leaves the old place or the new one. One that holds something
 * else, or nothing, gives a gap.
 */
export const fileCursor = (path: string): CursorStore => ({
  async load() {
    try {
      return (await readFile(path, 'utf8')).trim();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  },
  async save(cursor) {
    await writeFile(`${path}.new`, cursor);
    await rename(`${path}.new`, path);
  },
});
