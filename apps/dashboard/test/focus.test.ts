import type { Page } from 'playwright-core';
import t from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    const row = activeElement?.closest<HTMLElement>('[data-sn]')?.dataset.sn ?? '';
    return `${row} ${activeElement?.tagName.toLowerCase()}`.trim();
  });

t.test('a row keeps the focus when its device changes', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const serialNumber of ['F-1', 'F-2', 'F-3'])
    await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
  const { page, row } = await openDashboard(t, url);
  for (const [role, tag] of [
    ['button', 'button'],
    ['checkbox', 'input'],
  ] as const) {
    await row('F-2').getByRole(role).first().focus();
    for (const streamIsOn of [true, false]) {
      await call(url, 'PATCH', `${DRONES}/sn/F-2`, { streamIsOn });
      await row('F-2')
        .getByText(`Stream ${streamIsOn ? 'on' : 'off'}`)
        .waitFor();
      t.equal(await focused(page), `F-2 ${tag}`);
    }
    await call(url, 'DELETE', `${DRONES}/sn/F-1`);
    await call(url, 'POST', `${DRONES}/register`, registration('F-1'));
    await row('F-1').waitFor();
    t.equal(await focused(page), `F-2 ${tag}`);
  }
});

t.test('a drawer takes the focus, and gives it back', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  for (const serialNumber of ['F-1', 'F-2'])
    await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
  const { page, open, row } = await openDashboard(t, url);
  for (const close of ['Escape', 'button'] as const) {
    await row('F-2').getByRole('button').focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('complementary');
    await drawer.waitFor();
    t.equal(await focused(page), 'h2');
    if (close === 'Escape') await page.keyboard.press('Escape');
    else await drawer.getByRole('button', { name: 'Close' }).click();
    await drawer.waitFor({ state: 'detached' });
    t.equal(await focused(page), 'F-2 button');
  }
  await page.goto(`${url}/?sn=F-1`);
  await page.getByRole('complementary').waitFor();
  await row('F-1').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  t.equal(await focused(page), 'F-1 button', 'nothing on the page had opened it');
  await open('F-1');
});

t.test('no focus ring is cut off', { skip }, async (t) => {
  const { url } = await startStandalone(t);
  await call(url, 'POST', `${DRONES}/register`, registration('F-1'));
  const { page, open } = await openDashboard(t, url);
  await open('F-1');
  await page.keyboard.press('Escape');
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  await page.locator('body').click({ position: { x: 1, y: 1 } });
  const cut: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      if (!element || element === document.body) return '';
      const style = getComputedStyle(element);
      const reach = Number.parseFloat(style.outlineOffset) + Number.parseFloat(style.outlineWidth);
      const box = element.getBoundingClientRect();
      const ring = {
        left: box.left - reach,
        right: box.right + reach,
        top: box.top - reach,
        bottom: box.bottom + reach,
      };
      for (let parent = element.parentElement; parent; parent = parent.parentElement) {
        if (getComputedStyle(parent).overflow === 'visible') continue;
        const edge = parent.getBoundingClientRect();
        const isCut =
          ring.left < edge.left - 0.5 ||
          ring.right > edge.right + 0.5 ||
          ring.top < edge.top - 0.5 ||
          ring.bottom > edge.bottom + 0.5;
        if (isCut) return `${element.outerHTML.slice(0, 80)} by ${parent.outerHTML.slice(0, 60)}`;
      }
      return '';
    });
    if (found) cut.push(found);
  }
  t.same([...new Set(cut)], []);
});
