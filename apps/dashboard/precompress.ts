import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const TEXT = /\.(?:css|html|js|json|map|svg|txt|webmanifest)$/;
/** Bytes. Smaller files fit into one packet as they are. */
const MIN_BYTES = 1024;

const ENCODERS = { br: promisify(brotliCompress), gz: promisify<Buffer, object, Buffer>(gzip) } as const;

/** Writes a brotli and a gzip file beside each text file of a build, at zlib's best levels, so that no request waits for it. */
export const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  async writeBundle({ dir = '' }) {
    const names = await readdir(dir, { recursive: true });
    for (const name of names.filter((name) => TEXT.test(name))) {
      const path = join(dir, name);
      const content = await readFile(path);
      if (content.length < MIN_BYTES) continue;
      await writeFile(`${path}.br`, await ENCODERS.br(content));
      await writeFile(`${path}.gz`, await ENCODERS.gz(content, { level: 9 }));
    }
  },
});
