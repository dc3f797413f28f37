import { type StringOptions, Type } from '@sinclair/typebox';
import type { Page } from '../store/page.js';

export const DEFAULT_LIMIT = 500;

/** `cursor` says which cursors a list takes: opaque to clients, so that it can change. */
export const pageQuery = (cursor: StringOptions) => ({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      default: DEFAULT_LIMIT,
      description: 'a whole number from 1 to 1000',
    }),
  ),
  cursor: Type.Optional(Type.String({ ...cursor, description: '`nextCursor` of an earlier page' })),
});

/** Where the page after this one starts; undefined when there is none. */
export function toNextCursor<T>(
  { items, isMore }: Page<T>,
  placeOf: (last: T) => string,
): string | undefined {
  const last = items.at(-1);
  return isMore && last !== undefined ? placeOf(last) : undefined;
}

/** `Link` header (RFC 8288) to the next page of a request; a token in its query is not repeated. */
export function nextLink(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?');
  const params = new URLSearchParams(query);
  params.delete('access_token');
  params.set('cursor', cursor);
  return `<${path}?${params}>; rel="next"`;
}
