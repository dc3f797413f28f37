import type { Page } from 'playwright-core';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';
const MOST_TABS = 80;

/** What the focus is on, by its role and name as far as this test needs them; empty when the page itself has it. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return '';
    const label = (element as HTMLInputElement).labels?.[0]?.textContent;
    return (label ?? element.getAttribute('aria-label') ?? element.textContent ?? '').trim();
  });

/** Presses Tab until something of this name has the focus, and fails where the focus is lost on the way. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  for (let step = 0; step < MOST_TABS; step += 1) {
    await page.keyboard.press(key);
    const found = await focused(page);
    if (typeof name === 'string' ? found === name : name.test(found)) return;
  }
  throw new Error(`${name} is not reached by ${key}`);
}

t.test('a device is found, switched, edited and closed with the keyboard alone', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const serialNumber of ['KEY-1', 'KEY-2', 'OTHER-1'])
    await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
  const { page, row, complaints } = await openDashboard(t, url);
  await row('KEY-2').waitFor();

  await tabTo(page, 'Search');
  await page.keyboard.type('key-2');
  await row('KEY-1').waitFor({ state: 'detached' });
  await tabTo(page, 'KEY-2');
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('complementary', { name: 'Device KEY-2' });
  await drawer.waitFor();
  t.match(await focused(page), 'Device KEY-2', 'the heading of the drawer');

  await tabTo(page, 'Stream');
  await page.keyboard.press('Space');
  await drawer.locator('[role="switch"][aria-checked="true"]').waitFor();
  await drawer.getByText('streamIsOn false → true').waitFor();
  t.equal(await focused(page), 'Stream', 'the switch keeps the focus');

  await tabTo(page, 'Alias');
  await page.keyboard.type('Gate');
  await call(url, 'PATCH', `${DRONES}/sn/KEY-2`, { metadata: { alias: 'Theirs' } });
  await drawer.getByText('metadata.alias "" → "Theirs"').waitFor();
  t.equal(await focused(page), 'Alias', 'a change from elsewhere takes nothing away');
  await page.keyboard.press('Enter');
  await drawer.getByRole('alert', { name: 'Edit conflict' }).waitFor();
  await tabTo(page, 'Overwrite with mine');
  await page.keyboard.press('Enter');
  await drawer.getByText('metadata.alias "Theirs" → "Gate"').waitFor();
  t.not(await focused(page), '', 'the focus is not lost with the button');

  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  t.equal(await focused(page), 'KEY-2');
  for (const complaint of complaints) t.match(complaint, /status of 412/);
});

t.test('selecting and dialogs work with the keyboard', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('KEY-1'));
  const { page, row } = await openDashboard(t, url);
  await row('KEY-1').waitFor();
  await tabTo(page, 'KEY-1');
  await page.keyboard.press('Enter');
  await tabTo(page, 'Delete device');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  for (let step = 0; step < 5; step += 1) {
    await page.keyboard.press('Tab');
    const isOutside = await page.evaluate(() => {
      const element = document.activeElement;
      return element !== document.body && !element?.closest('dialog');
    });
    t.notOk(isOutside, 'the focus stays in the dialog');
  }
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  t.equal(await focused(page), 'Delete device');
});
