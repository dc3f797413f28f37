import { defineConfig } from 'tsdown';

/** What npm gets: nothing else is needed in a browser, and `ws` at most in Node. */
export default defineConfig({
  entry: ['src/index.ts', 'src/node.ts'],
  outDir: 'bundle',
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  fixedExtension: false,
  deps: {
    neverBundle: [/^node:/, 'ws'],
    onlyBundle: ['openapi-fetch', 'openapi-typescript-helpers'],
  },
});
