import { PAGE_HEADERS } from '@dronecast/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';

/** Paths under which only programs ask, also when somebody opens one in a browser. */
const OF_PROGRAMS = ['/api', '/health', '/ws', '/sse', '/poll'];
const MAX_SHOWN_CHARACTERS = 200;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Without the query: a token may be in it. */
const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '';

const isOfPrograms = (path: string): boolean =>
  OF_PROGRAMS.some((start) => path === start || path.startsWith(`${start}/`));

/** JSON for those who take anything, like curl; a browser names HTML first. */
const prefersPage = ({ raw }: FastifyRequest): boolean =>
  new Negotiator(raw).mediaType(['application/json', 'text/html']) === 'text/html';

function pageFor(path: string): string {
  const shown = path.length > MAX_SHOWN_CHARACTERS ? `${path.slice(0, MAX_SHOWN_CHARACTERS)}…` : path;
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Page not found - Dronecast</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/missing-page.css">
  </head>
  <body>
    <main>
      <p>Dronecast</p>
      <h1>Page not found</h1>
      <p>There is no page at <code>${escapeHtml(shown)}</code>.</p>
      <p><a href="/">Go to the fleet</a></p>
    </main>
  </body>
</html>
`;
}

/**
 * An `onRequest` hook that answers a browser's wrong address with a page. All other requests for it get the problem
 * details of an unknown route.
 */
export async function showMissingPage(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { method } = request;
  const path = pathOf(request);
  if (!request.is404 || !['GET', 'HEAD'].includes(method) || isOfPrograms(path)) return undefined;
  const vary = reply.getHeader('Vary');
  reply.header('Vary', vary === undefined ? 'Accept' : `${vary}, Accept`);
  if (!prefersPage(request)) return undefined;
  return reply
    .code(404)
    .headers(PAGE_HEADERS)
    .header('Cache-Control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(pageFor(path));
}
