import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { requires } from './requirement.js';

export const requiresOpenssl = (t: Test): boolean => requires(t, 'openssl');

/** Paths of PEM files. */
export interface Certificate {
  /** Signed by itself, so that it is also the authority to trust. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate for 127.0.0.1, removed with the test. */
export async function createCertificate(t: Test): Promise<Certificate> {
  const dir = await mkdtemp(join(tmpdir(), 'dronecast-tls-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')] as const;
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=dronecast test', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', key, '-out', cert],
  ]);
  return { cert, key };
}
