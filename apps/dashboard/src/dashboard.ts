import { fileURLToPath } from 'node:url';
import { markPublic } from '@dronecast/auth';
import { protectPages } from '@dronecast/runtime';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifySchema } from 'fastify';
import { showMissingPage } from './missing-page.js';
import type { PageConfig } from './page-config.js';

const FOLDER = fileURLToPath(new URL('page', import.meta.url));
const CLIENT = fileURLToPath(new URL('page/client.js', import.meta.url));
const NOT_IN_API_DOCS = { hide: true } as FastifySchema;

/** Where the page may connect to: the relay by HTTP and by WebSocket. */
const relayOrigins = (relayUrl: string | undefined): string[] => {
  if (relayUrl === undefined) return [];
  const { origin } = new URL(relayUrl);
  return [origin, origin.replace(/^http/, 'ws')];
};

/**
 * The page, at `/`, what it is told, at `/config.json`, the client for pages of others, at `/client.js`, and a page for
 * wrong addresses. Its own requests are asked for tokens, itself is not.
 */
export function registerDashboard(app: FastifyInstance, config: PageConfig): void {
  app.addHook('onRequest', showMissingPage);
  app.register(async (page) => {
    page.addHook('onRoute', markPublic);
    protectPages(page, {
      'connect-src': ["'self'", ...relayOrigins(config.relayUrl)],
      // Incidents and maps come from wherever the installation keeps them.
      'img-src': ["'self'", 'data:', 'http:', 'https:'],
    });
    page.register(fastifyStatic, {
      root: FOLDER,
      wildcard: false,
      // The build has made a `.br` and a `.gz` of each file that gets smaller by it; these are no routes of their own.
      preCompressed: true,
      globIgnore: ['**/*.{br,gz}'],
      setHeaders: (reply, path) => {
        // Names of assets hold a digest of what is in them.
        reply.header('Cache-Control', path.includes('/assets/') ? 'max-age=31536000, immutable' : 'no-cache');
        // Any page may import the client, compressed or not. Whether it may connect is for the relay to say, which explains
        // a refusal.
        if (path.startsWith(CLIENT)) reply.header('Access-Control-Allow-Origin', '*');
      },
    });
    page.get('/config.json', { schema: NOT_IN_API_DOCS }, async (_request, reply) =>
      reply.header('Cache-Control', 'no-cache').send(config),
    );
  });
}
