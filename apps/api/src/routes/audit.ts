import type { FastifyRequest } from 'fastify';

/** What is remembered of a write: never a value, only which fields it changed. */
export interface AuditRecord {
  readonly action: 'register' | 'update' | 'delete' | 'report' | 'broadcast';
  readonly serialNumber?: string;
  readonly revision?: number;
  readonly fields?: readonly string[];
  readonly incident?: string;
}

/** Logs who wrote what; the line carries the request's id. */
export const audit = ({ log, access }: FastifyRequest, record: AuditRecord): void =>
  log.info({ audit: { ...record, subject: access.subject } }, 'audit');
