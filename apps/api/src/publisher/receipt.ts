import type { Incident } from '@dronecast/events';
import type { PublishedOutbox, StoredOutbox } from '../store/drone-store.js';
import { textLength } from '../store/outbox-entry.js';
import type { Batchable } from './batcher.js';

/** What remains of an outbox once it is published: enough to acknowledge it, without the text of its events. */
export interface Receipt extends PublishedOutbox, Batchable {
  /** To be saved before the outbox may forget them. */
  readonly incidents: readonly Incident[];
}

/** An incident is short; its event tells how short without counting it anew. */
export function toReceipt({ key, entries }: StoredOutbox): Receipt {
  const reports = entries.filter(({ incident }) => incident !== undefined);
  const last = entries.at(-1);
  return {
    key,
    seq: last?.seq ?? 0,
    length: textLength({ key, entries: reports }),
    entries: last ? [{ seq: last.seq, at: last.at, ...(last.final && { final: true }) }] : [],
    incidents: reports.flatMap(({ incident }): Incident[] => (incident ? [incident] : [])),
  };
}
