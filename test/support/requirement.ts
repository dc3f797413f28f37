import { isInstalled } from '@dronecast/testbed';
import type { Test } from 'tap';

/**
 * Whether a program that a test runs, by name or by path, is installed. When it is not, the test counts as skipped,
 * and with `CI=true` as failed, so that nothing goes untested there without notice.
 */
export function requires(t: Test, command: string): boolean {
  if (isInstalled(command)) return true;
  if (process.env.CI === 'true') t.fail(`${command} is required`);
  else t.pass(`${command} is not installed`, { skip: true });
  return false;
}
