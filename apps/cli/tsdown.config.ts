import { defineConfig } from 'tsdown';

/** What npm gets: the command with what it uses of `@dronecast/events`, which is not published. */
export default defineConfig({
  entry: ['src/main.ts'],
  outDir: 'bundle',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  fixedExtension: false,
  deps: { onlyBundle: ['@dronecast/events'] },
});
