import type { FastifyRequest } from 'fastify';

/** What is remembered of a write that was committed: never a value, only which fields it set. */
export interface AuditRecord {
  readonly action: 'register' | 'update' | 'delete' | 'report' | 'broadcast';
  readonly serialNumber?: string;
  /** The drone's, after the write. */
  readonly revision?: number;
  /** Nested ones with a dot. */
  readonly fields?: readonly string[];
  readonly incident?: string;
}

/** Logs who wrote what, also at a level that leaves out all other such lines; the line carries the request's id. */
export function audit({ log, access }: FastifyRequest, record: AuditRecord): void {
  const lines = log.level === 'silent' ? log : log.child({}, { level: 'info' });
  lines.info({ audit: { ...record, subject: access.subject } }, 'audit');
}
