import { defineConfig } from 'tsdown';

/** What `connect` alone costs a page, minified: `pnpm --filter @dronecast/client size` prints it. */
export default defineConfig({
  entry: { connect: 'size.js' },
  outDir: 'dist/size',
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  dts: false,
  fixedExtension: false,
  deps: { alwaysBundle: [/./] },
});
