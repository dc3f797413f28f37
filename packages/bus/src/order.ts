import type { Outbox } from './event-bus.js';

/** What a bus remembers of an outbox. */
export interface Published {
  /** The last entry's that was published; 0 before the first. */
  readonly seq: number;
  /** Names of the last few commits, by seq. */
  readonly names: ReadonlyMap<number, string>;
}

/**
 * - `next`: what is newer than `published` follows it without a hole.
 * - `behind`: something older may wait, or the outbox is too old to be recognized. It must be read again from the database.
 * - `forgotten`: the database has lost commits that were published, by a rollback or from a backup, and has given their seq
 *   to others. The history tells what never happened, so a new one must begin.
 */
export type Verdict = 'next' | 'behind' | 'forgotten';

/** Whether the entries of an outbox, at least one, may be published now. */
export function judge({ entries, isTail, head, behind }: Outbox, { seq, names }: Published): Verdict {
  const [first, last] = [entries[0], entries.at(-1)];
  if (!first || !last) return 'behind';
  const isOther = (entry: { seq: number; name?: string | undefined }): boolean => {
    const name = entry.seq <= seq ? names.get(entry.seq) : undefined;
    return name !== undefined && entry.name !== undefined && entry.name !== name;
  };
  // Once another process has begun the new epoch, less than that is published.
  const hasGoneBack = head !== undefined && behind !== undefined && head < behind && behind <= seq;
  if (hasGoneBack || entries.some(isOther)) return 'forgotten';
  if (isTail && first.seq > seq + 1) return 'behind';
  // Commits of earlier versions have no name.
  const isCertain = behind !== undefined || last.name === undefined || names.has(last.seq);
  return last.seq < seq && !isCertain ? 'behind' : 'next';
}
