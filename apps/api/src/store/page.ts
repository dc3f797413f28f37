/** A page of a list ends when so many bytes of JSON have come together. */
export const PAGE_BYTES = 1024 * 1024;
/** A page of outboxes ends at so many bytes of event text. */
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

export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Collects a page that is bounded in items and in bytes. It takes one item at least, however large. */
export function createPage<T>({ limit, maxBytes, bytesOf }: PageBounds<T>) {
  const items: T[] = [];
  let bytes = 0;
  let isMore = false;

  return {
    /** False when the page is full: then the item belongs to the next one. */
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
