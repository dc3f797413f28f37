import { markPublic } from '@dronecast/auth';
import { protectPages } from '@dronecast/runtime';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fp from 'fastify-plugin';
import { compression } from './compression.js';

/** Markdown at the top of `/docs`. */
const DESCRIPTION = `Registry and events of drones, body cams and CCTV cameras.

The same as [JSON](/openapi.json). Events come from the relay, which describes them in [another document](/asyncapi.json).

## Tokens

An installation with \`AUTH_MODE=none\` asks for no token: every caller may do everything, and the requests below work as
they are. With \`AUTH_MODE=jwt\` each request needs one, else the answer is 401 \`missing_token\`.

1. Get a token from whoever runs the installation: its identity provider, or an operator with the secret, signs it. The page
   of the fleet asks for the same token.
2. Press **Authorize**, paste the token without \`Bearer\` in front, and press **Authorize** again. It is kept until this page is
   closed.
3. In a program send it as \`Authorization: Bearer <token>\`.

A token says in \`scope\` what its bearer may do (\`drones:read drones:write incidents:write events:read system:broadcast
credentials:read\`), in \`drones\` with which drones, and in \`exp\` until when. An answer of 403 \`insufficient_scope\` names the scope
that is missing.`;

/** Without the bar that names Swagger and loads other documents. */
const STYLE = `.swagger-ui .topbar { display: none; }
.back { display: block; margin: 1rem auto 0; max-width: 1460px; padding: 0 20px; font: 16px sans-serif; }`;

/** A link in Markdown would open another tab. */
const SCRIPT = `const link = document.createElement('a');
link.className = 'back';
link.href = '/';
link.textContent = '← Back to the fleet';
document.body.prepend(link);`;

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
        description: DESCRIPTION,
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
    await page.register(swaggerUi, {
      routePrefix: '/docs',
      theme: {
        title: 'Dronecast API',
        css: [{ filename: 'dronecast.css', content: STYLE }],
        js: [{ filename: 'dronecast.js', content: SCRIPT }],
      },
    });
  });
  await app.register(async (document) => {
    await document.register(compression);
    document.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () =>
      app.swagger(),
    );
  });
});
