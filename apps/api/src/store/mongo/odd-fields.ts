import type { Logger } from 'pino';
import { toText } from './document-id.js';
import type { Tell } from './fields.js';

/** Elements of arrays have one name together, so that there are only so many names. */
const nameOf = (pointer: string): string => pointer.replace(/\/\d+/g, '');

/**
 * Logs once for each field that a stored value is not taken as it is. A line for each document would be a line for each
 * document of each list.
 */
export function createOddFields(log: Pick<Logger, 'warn'>) {
  const known = new Set<string>();

  return function tellOf(collection: string, { _id }: { readonly _id: unknown }): Tell {
    return (pointer, message) => {
      const field = nameOf(pointer);
      const name = `${collection}${field}`;
      if (known.has(name)) return;
      known.add(name);
      log.warn(
        { collection, field, document: toText(_id) },
        `stored value is not read as it is, because it ${message}. Logged once for each field; migrate --dry-run lists all documents`,
      );
    };
  };
}

export type OddFields = ReturnType<typeof createOddFields>;
