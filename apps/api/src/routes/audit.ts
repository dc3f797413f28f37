import type { FastifyRequest } from 'fastify';
import { mayHaveCommitted } from '../service/refusals.js';
import type { DroneKey } from '../store/drone-store.js';

/** What is remembered of a write that was committed: never a value, only which fields it set. */
export interface AuditRecord {
  /** The drone's, where the request names it instead of the serial number. */
  readonly droneId?: string;
  readonly action: 'register' | 'update' | 'delete' | 'report' | 'broadcast';
  readonly serialNumber?: string;
  /** The drone's, after the write. */
  readonly revision?: number;
  /** Nested ones with a dot. */
  readonly fields?: readonly string[];
  readonly incident?: string;
  /** Set when the caller got a 503 and the write may have been carried out all the same. */
  readonly outcome?: 'unknown';
}

/** Logs who wrote what, also at a level that leaves out all other such lines; the line carries the request's id. */
export function audit({ log, access }: FastifyRequest, record: AuditRecord): void {
  const lines = log.level === 'silent' ? log : log.child({}, { level: 'info' });
  lines.info({ audit: { ...record, subject: access.subject } }, 'audit');
}

/** The drone that a request names. */
export const named = (key: DroneKey): Pick<AuditRecord, 'serialNumber' | 'droneId'> =>
  'id' in key ? { droneId: key.id } : { serialNumber: key.serialNumber };

/** Audits the write also when the database did not say whether it has committed. `record` is what was asked for. */
export async function auditUnknown<T>(
  request: FastifyRequest,
  record: AuditRecord,
  write: Promise<T>,
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (mayHaveCommitted(error)) audit(request, { ...record, outcome: 'unknown' });
    throw error;
  }
}
