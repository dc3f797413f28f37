import type { FieldError } from '@dronecast/runtime';
import { inspectDocument } from './inspection.js';

export interface Finding extends FieldError {
  /** The document's `_id` as text. */
  readonly id: string;
  readonly serialNumber: unknown;
}

export interface Report {
  readonly documents: number;
  /** Documents with at least one finding. */
  readonly unfit: number;
}

/**
 * Reads the documents once and hands each finding to `tell`. Serial numbers that stand twice are found whatever the order;
 * the second document and those after it are named.
 */
export async function reportOn(
  documents: AsyncIterable<Record<string, unknown>>,
  tell: (finding: Finding) => void,
): Promise<Report> {
  const holders = new Map<unknown, string>();
  let count = 0;
  let unfit = 0;
  for await (const document of documents) {
    count += 1;
    const { deviceSerialNumber: serialNumber } = document;
    const id = String(document._id);
    const errors = inspectDocument(document);
    const holder = holders.get(serialNumber);
    if (serialNumber != null && holder)
      errors.push({ pointer: '/deviceSerialNumber', message: `is also that of ${holder}` });
    else holders.set(serialNumber, id);
    for (const error of errors) tell({ id, serialNumber, ...error });
    if (errors.length > 0) unfit += 1;
  }
  return { documents: count, unfit };
}
