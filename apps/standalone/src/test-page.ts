import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const FOLDER = fileURLToPath(new URL('../public', import.meta.url));
/** Our own scripts, styles and connections, and nothing else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** A page that connects, shows frames and sends a PATCH. */
export function registerTestPage(app: FastifyInstance): void {
  app.register(fastifyStatic, {
    root: FOLDER,
    prefix: '/test/',
    redirect: true,
    setHeaders: (reply) => {
      reply.header('Content-Security-Policy', POLICY).header('X-Content-Type-Options', 'nosniff');
    },
  });
}
