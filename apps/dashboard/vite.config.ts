import { defineConfig, type Plugin } from 'vite';
import { precompress } from './precompress.js';

/** Styles behind what the page says while it loads, so that a slow line shows that without waiting for them. */
const lateStyles: Plugin = {
  name: 'late-styles',
  transformIndexHtml: {
    order: 'post',
    handler(html) {
      const styles = /<link rel="stylesheet"[^>]*>/g;
      return html
        .replace(styles, '')
        .replace('</body>', () => `  ${(html.match(styles) ?? []).join('')}\n  </body>`);
    },
  },
};

/** `vite` alone serves the page for work on it, beside a standalone that listens on its default port. */
export default defineConfig({
  root: 'page',
  plugins: [lateStyles, precompress()],
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
