import { randomBytes } from 'node:crypto';
import type { Outbox } from '@dronecast/bus';
import { type Commit, OutboxFull, type OutboxPosition, type StoredEntry } from './drone-store.js';

/** A drone's outbox holds at most so many entries, and stops growing at so many bytes of event text. */
const MAX_ENTRIES = 1000;
const MAX_BYTES = 2 * 1024 * 1024;
/** Random bytes of a commit's name: 48 bits tell it from the few others that may ever have its seq. */
const NAME_BYTES = 6;

export interface NextEntry {
  readonly entry: StoredEntry;
  /** The outbox's {@link OutboxPosition.bytes} before and after the entry. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** The entry that a commit adds. Throws {@link OutboxFull}. */
export function nextEntry(
  { seq, bytes, oldest }: Omit<OutboxPosition, 'key'>,
  { events, incident }: Pick<Commit, 'events' | 'incident'>,
  isFinal = false,
): NextEntry {
  if (oldest && (seq - oldest.seq + 1 >= MAX_ENTRIES || bytes - oldest.bytes >= MAX_BYTES))
    throw new OutboxFull();
  const bytesAfter = bytes + events.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
  return {
    entry: {
      seq: seq + 1,
      name: randomBytes(NAME_BYTES).toString('base64url'),
      at: new Date(),
      events,
      ...(incident && { incident }),
      ...(isFinal && { final: true }),
    },
    bytesBefore: bytes,
    bytesAfter,
  };
}

/** An outbox before its first entry. */
export const NEW_OUTBOX = { seq: 0, bytes: 0 } as const;

/** Number of characters of event text in an outbox. */
export const textLength = ({ entries }: Outbox): number =>
  entries.reduce((sum, { events }) => events.reduce((inner, { body }) => inner + body.length, sum), 0);
