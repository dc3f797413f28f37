import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import type { Test } from 'tap';
import { requires } from './requirement.js';

export const requiresChromium = (t: Test): boolean => requires(t, 'chromium');

export interface Tab {
  readonly page: Page;
  /** What the browser complained about so far: errors on the console, uncaught ones, and breaches of the CSP. */
  readonly complaints: readonly string[];
}

export interface TabOptions {
  readonly width?: number;
  readonly height?: number;
  readonly colorScheme?: 'light' | 'dark';
  /** Such as `Europe/Berlin`; default: the machine's. */
  readonly timezoneId?: string;
  /** Such as `de-DE`; default: `en-US`. */
  readonly locale?: string;
}

const ARGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A tab of the installed Chromium, with a new profile, that is closed with the test. */
export async function openTab(
  t: Test,
  { width = 1280, height = 900, colorScheme = 'light', ...place }: TabOptions = {},
): Promise<Tab> {
  const browser = await chromium.launch({
    executablePath: pathOf('chromium'),
    chromiumSandbox: false,
    args: ARGS,
  });
  t.teardown(() => browser.close());
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, ...place });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`CSP: ${violatedDirective} ${blockedURI}`);
    });
  });
  return { page, complaints };
}

function pathOf(command: string): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder.
    }
  }
  throw new Error(`${command} is not installed`);
}
