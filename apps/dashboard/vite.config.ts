import { defineConfig } from 'vite';
import { precompress } from './precompress.js';

/** `vite` alone serves the page for work on it, beside a standalone that listens on its default port. */
export default defineConfig({
  root: 'page',
  plugins: [precompress()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // Nothing inline: the page's policy allows no `data:` script or style.
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800,
  },
  server: {
    proxy: {
      '^/(api|config.json|health|metrics|sse|poll|openapi.json)': 'http://127.0.0.1:3000',
      '/ws': { target: 'http://127.0.0.1:3000', ws: true },
    },
  },
});
