import { fileURLToPath } from 'node:url';
import { markPublic } from '@dronecast/auth';
import { CLOSE_CODES, DEVICE_CATEGORIES, KINDS, SerialNumber } from '@dronecast/events';
import { protectPages } from '@dronecast/runtime';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifySchema } from 'fastify';

const FOLDER = fileURLToPath(new URL('../public', import.meta.url));

/** The names on the wire as a browser module, so that the page has no list of its own. */
const PROTOCOL = Object.entries({
  KINDS,
  DEVICE_CATEGORIES,
  CLOSE_CODES,
  SERIAL_NUMBER_PATTERN: SerialNumber.pattern,
})
  .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`)
  .join('');

const NOT_IN_API_DOCS = { hide: true } as FastifySchema;

/** A page that connects, shows frames, registers a drone and changes it. */
export function registerTestPage(app: FastifyInstance): void {
  app.register(async (page) => {
    page.addHook('onRoute', markPublic);
    // No text ever becomes markup or script.
    protectPages(page, { requireTrustedTypesFor: ["'script'"], trustedTypes: ["'none'"] });
    page.register(fastifyStatic, { root: FOLDER, prefix: '/test', redirect: true });
    page.get('/test/protocol.js', { schema: NOT_IN_API_DOCS }, async (_request, reply) =>
      reply.type('text/javascript; charset=utf-8').header('Cache-Control', 'no-cache').send(PROTOCOL),
    );
  });
}
