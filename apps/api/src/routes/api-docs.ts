import { markPublic } from '@dronecast/auth';
import { protectPages } from '@dronecast/runtime';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { compression } from './compression.js';

/**
 * TypeBox writes tuples as JSON Schema did before its draft 2020-12, which OpenAPI 3.1 goes by. `documented` has keywords that
 * the validator does not apply.
 */
function toDraft2020<T>(value: T): T {
  if (Array.isArray(value)) return value.map(toDraft2020) as T;
  if (typeof value !== 'object' || value === null) return value;
  const { items, additionalItems, documented, ...others } = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, toDraft2020(inner)]),
  );
  const rest = { ...others, ...documented };
  if (items === undefined) return rest as T;
  return {
    ...rest,
    ...(Array.isArray(items) ? { prefixItems: items, items: additionalItems } : { items }),
  } as T;
}

/** OpenAPI 3.1, made from the routes' own schemas: `/openapi.json`, and a page to try it at `/docs`. */
export const apiDocs = fp(async (app) => {
  await app.register(swagger, {
    // A list answers with and without a slash at its end; it is documented without.
    transform: ({ schema, url }) => ({ schema: schema ?? {}, url: url.replace(/(?<=.)\/$/, '') }),
    transformObject: (document) =>
      'openapiObject' in document ? toDraft2020(document.openapiObject) : document.swaggerObject,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Dronecast',
        description: 'Registry and events of drones, body cams and CCTV cameras',
        version: '1',
      },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
      security: [{ bearer: [] }, {}],
    },
  });
  await app.register(async (page) => {
    page.addHook('onRoute', markPublic);
    // Swagger UI makes style elements of its own, and has its icons inside of them.
    protectPages(page, { 'style-src': ["'self'", "'unsafe-inline'"], 'img-src': ["'self'", 'data:'] });
    await page.register(compression);
    await page.register(swaggerUi, { routePrefix: '/docs' });
  });
  await app.register(async (document) => {
    await document.register(compression);
    document.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
      app.swagger(),
    );
  });
});
