import { Type } from '@sinclair/typebox';

export const DEFAULT_LIMIT = 500;

/** `place` is a pattern of what a cursor holds: opaque to clients, so that it can change. */
export const pageQuery = (place: string) => ({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_LIMIT,
      description: 'a whole number from 1 to 1000',
    }),
  ),
  cursor: Type.Optional(Type.String({ pattern: place, description: '`nextCursor` of an earlier page' })),
});

/** Cuts a list that was asked for one item more than the page holds, and tells where the next page starts. */
export function toPage<T>(
  items: T[],
  limit: number,
  placeOf: (last: T) => string,
): { items: T[]; nextCursor?: string } {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return items.length > limit && last ? { items: page, nextCursor: placeOf(last) } : { items: page };
}

/** `Link` header (RFC 8288) to the next page of a request; a token in its query is not repeated. */
export function nextLink(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const params = new URLSearchParams(query);
  params.delete('access_token');
  params.set('cursor', cursor);
  return `<${path}?${params}>; rel="next"`;
}
