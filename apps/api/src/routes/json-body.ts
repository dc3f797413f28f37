import { isDeeperThan, normalizeJson } from '@dronecast/runtime';
import type { FastifyInstance } from 'fastify';
import { jsonTooDeep } from '../service/problems.js';

/** Arrays and objects of a body that may be nested. */
const MAX_LEVELS = 100;

/** Takes JSON and merge patches. An empty body counts as none, because clients send the header with every DELETE. */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('ignore', 'ignore'); // normalizeJson refuses their names, and says where.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request, body, done) => {
      if (body === '') return done(null, undefined);
      if (isDeeperThan(MAX_LEVELS, body as string)) return done(jsonTooDeep(MAX_LEVELS));
      parseJson(request, body as string, (error: Error | null, value?: unknown) => {
        try {
          if (typeof value === 'object' && value !== null) normalizeJson(value);
          done(error, value);
        } catch (invalid) {
          done(invalid as Error);
        }
      });
    },
  );
}
