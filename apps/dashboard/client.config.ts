import { defineConfig } from 'vite';

/** `/client.js`: the client in one file, for pages that import it from here. */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'dist/page',
    emptyOutDir: false,
    target: 'es2022',
    lib: { entry: 'page/client.ts', formats: ['es'], fileName: () => 'client.js' },
  },
});
