import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

/**
 * An empty folder for the processes of a test. It is removed after they have ended, if it was made before they were started;
 * `t.testdir()` may be removed while they still write to it.
 */
export function testFolder(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dronecast-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
