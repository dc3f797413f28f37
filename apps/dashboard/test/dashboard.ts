import { SCOPES, type Scope, signToken } from '@dronecast/auth';
import type { Page } from 'playwright-core';
import type { Test } from 'tap';
import { openTab, type Tab, type TabOptions } from '../../../test/support/chromium.js';
import { testFolder } from '../../../test/support/folder.js';
import { type AppProcess, startProcess } from '../../../test/support/process.js';

export const SECRET = 'a-secret-of-the-tests-that-is-32-bytes-or-more';

export const startStandalone = (t: Test, env: Record<string, string> = {}): Promise<AppProcess> =>
  startProcess(t, 'apps/standalone/dist/server.js', { DATA_DIR: testFolder(t), ...env });

export const tokenFor = (scopes: readonly Scope[] = SCOPES, drones = '*'): Promise<string> =>
  signToken({ sub: 'operator', scope: scopes.join(' '), drones, expiresInSeconds: 3600 }, SECRET);

type Found = ReturnType<Page['locator']>;

export interface Dashboard extends Tab {
  readonly chip: Found;
  /** The row of a device, which has to be in sight. */
  row(serialNumber: string): Found;
  /** The drawer of a device, opened by its row. */
  open(serialNumber: string): Promise<Found>;
  view(name: 'Fleet' | 'Incidents' | 'System' | 'Console'): Promise<void>;
}

/** The page of an API, in a tab that is closed with the test. */
export async function openDashboard(t: Test, url: string, options: TabOptions = {}): Promise<Dashboard> {
  const tab = await openTab(t, options);
  const { page } = tab;
  await page.goto(url);
  const row = (serialNumber: string) => page.locator(`tr[data-sn="${serialNumber}"]`);
  return {
    ...tab,
    chip: page.locator('.chip'),
    row,
    async open(serialNumber) {
      await row(serialNumber).getByRole('button', { name: serialNumber }).click();
      return page.getByRole('complementary', { name: `Device ${serialNumber}` });
    },
    view: (name) => page.getByRole('link', { name, exact: true }).click(),
  };
}
