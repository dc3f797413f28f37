/** Most bytes of JSON on a page of a list. */
export const PAGE_BYTES = 1024 * 1024;
/** Most bytes of event text on a page of outboxes. */
export const OUTBOX_PAGE_BYTES = 4 * 1024 * 1024;

/** Part of a list. */
export interface Page<T> {
  readonly items: T[];
  /** Whether there is more after the last item. */
  readonly isMore: boolean;
}

export interface PageBounds<T> {
  readonly limit: number;
  readonly maxBytes: number;
  readonly bytesOf: (item: T) => number;
}

/** Collects a page that is bounded in items and in bytes. It takes at least one item, however large. */
export function createPage<T>({ limit, maxBytes, bytesOf }: PageBounds<T>) {
  const items: T[] = [];
  let bytes = 0;
  let isMore = false;

  return {
    /** Returns false when the page is full. Then the item belongs on the next page. */
    add(item: T): boolean {
      if (items.length < limit) {
        bytes += bytesOf(item);
        if (items.length === 0 || bytes <= maxBytes) {
          items.push(item);
          return true;
        }
      }
      isMore = true;
      return false;
    },

    result: (): Page<T> => ({ items, isMore }),
  };
}

export type PageBuilder<T> = ReturnType<typeof createPage<T>>;
