import { Problem } from '@dronecast/runtime';
import { Type } from '@sinclair/typebox';

export const DEFAULT_LIMIT = 500;

export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_LIMIT,
      description: 'a whole number from 1 to 1000',
    }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 512, description: '`nextCursor` of the page before' })),
};

/** Opaque to clients, so that what is in it can change. */
export const encodeCursor = (...place: string[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** The `length` strings that `encodeCursor` got; undefined without a cursor. */
export function decodeCursor(cursor: string | undefined, length: number): string[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const isPlace = Array.isArray(place) && place.length === length;
    if (isPlace && place.every((part) => typeof part === 'string')) return place;
  } catch {
    // Not JSON: the same answer as for the wrong JSON.
  }
  throw invalidCursor();
}

export const invalidCursor = () =>
  new Problem(400, 'validation_failed', '/cursor must be `nextCursor` of an earlier page', {
    errors: [{ pointer: '/cursor', message: 'must be `nextCursor` of an earlier page' }],
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
