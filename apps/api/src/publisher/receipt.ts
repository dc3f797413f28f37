import type { Incident } from '@dronecast/events';
import type { PublishedRange, StoredOutbox } from '../store/drone-store.js';
import { textLength } from '../store/outbox-entry.js';
import type { Batchable } from './batcher.js';

/** What remains of an outbox once it is published: enough to acknowledge it, without the text of its events. */
export interface Receipt extends PublishedRange, Batchable {
  readonly serialNumber: string;
  /** To be saved before the outbox may forget them. */
  readonly incidents: readonly Incident[];
}

/** An incident is short; its event tells how short without counting it anew. */
export function toReceipt({ key, serialNumber, entries }: StoredOutbox): Receipt {
  const reports = entries.filter(({ incident }) => incident !== undefined);
  const last = entries.at(-1);
  return {
    key,
    serialNumber,
    first: entries[0]?.seq ?? 0,
    last: last?.seq ?? -1,
    name: last?.name,
    isFinal: last?.final === true,
    length: textLength({ key, entries: reports }),
    incidents: reports.flatMap(({ incident }): Incident[] => (incident ? [incident] : [])),
  };
}

/** Both as one, if the second begins where the first one ends. */
export function joinReceipts(a: Receipt, b: Receipt): Receipt | undefined {
  if (a.last + 1 !== b.first) return undefined;
  return { ...b, first: a.first, length: a.length + b.length, incidents: [...a.incidents, ...b.incidents] };
}
