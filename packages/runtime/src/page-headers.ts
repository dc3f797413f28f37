import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/**
 * Headers for pages, by helmet: our own scripts, styles, images and connections, nothing inline, no frames; `more` adds to
 * it or takes the place of it. TLS, and with it HSTS, is the ingress's.
 */
export function protectPages(app: FastifyInstance, more: Record<string, readonly string[]> = {}): void {
  app.register(helmet, {
    strictTransportSecurity: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        ...more,
      },
    },
  });
}
