import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Our own scripts, styles, images and connections, nothing inline, no frames. */
const DIRECTIVES = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'"],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Headers for a single page that needs nothing more than {@link protectPages} allows. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': Object.entries(DIRECTIVES)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join(';'),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/**
 * Headers for pages, by helmet; `more` adds to the directives or takes the place of one. TLS, and with it HSTS, is the
 * ingress's.
 */
export function protectPages(app: FastifyInstance, more: Record<string, readonly string[]> = {}): void {
  app.register(helmet, {
    strictTransportSecurity: false,
    contentSecurityPolicy: { useDefaults: false, directives: { ...DIRECTIVES, ...more } },
  });
}
