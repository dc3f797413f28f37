import t, { type Test } from 'tap';
import { call, registration } from '../../../test/support/api.js';
import { requiresChromium } from '../../../test/support/chromium.js';
import { type Dashboard, openDashboard, startStandalone } from './dashboard.js';

const skip = !requiresChromium(t) && 'chromium missing';
const DRONES = '/api/v1/drones';

async function openWithTwo(t: Test): Promise<Dashboard & { url: string }> {
  const { url } = await startStandalone(t);
  for (const serialNumber of ['A-1', 'A-2'])
    await call(url, 'POST', `${DRONES}/register`, registration(serialNumber));
  return { ...(await openDashboard(t, url)), url };
}

/** Each way to leave a device. */
const WAYS: Readonly<Record<string, (dashboard: Dashboard) => Promise<unknown>>> = {
  'the Close button': ({ page }) => page.getByRole('button', { name: 'Close' }).click(),
  Escape: ({ page }) => page.keyboard.press('Escape'),
  Back: ({ page }) => page.goBack(),
  'another view': ({ view }) => view('Incidents'),
  'another device': ({ row }) => row('A-2').getByRole('button', { name: 'A-2' }).click(),
};

for (const [name, leave] of Object.entries(WAYS)) {
  t.test(`${name} asks before it throws an edit away`, { skip }, async (t) => {
    const dashboard = await openWithTwo(t);
    const { page, open, complaints } = dashboard;
    const drawer = await open('A-1');
    const alias = drawer.getByLabel('Alias');
    await alias.fill('Gate');
    const dialog = page.getByRole('dialog', { name: 'Discard your unsaved changes?' });

    await leave(dashboard);
    await dialog.getByRole('button', { name: 'Keep editing' }).click();
    await dialog.waitFor({ state: 'detached' });
    t.equal(await alias.inputValue(), 'Gate');
    t.match(page.url(), /\?sn=A-1$/);

    await leave(dashboard);
    await dialog.getByRole('button', { name: 'Discard changes' }).click();
    await drawer.waitFor({ state: 'detached' });
    t.same(complaints, []);
  });
}

t.test('an edit that was taken back is not asked about', { skip }, async (t) => {
  const { page, open } = await openWithTwo(t);
  const drawer = await open('A-1');
  await drawer.getByLabel('Alias').fill('Gate');
  await drawer.getByLabel('Alias').fill('');
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
});

t.test('the browser asks before it reloads over an edit', { skip }, async (t) => {
  const { page, open } = await openWithTwo(t);
  const drawer = await open('A-1');
  await drawer.getByLabel('Alias').fill('Gate');
  const asked = new Promise<string>((resolve) => {
    page.once('dialog', (dialog) => {
      resolve(dialog.type());
      void dialog.dismiss();
    });
  });
  void page.reload().catch(() => {});
  t.equal(await asked, 'beforeunload');
  t.equal(await drawer.getByLabel('Alias').inputValue(), 'Gate');
});

t.test('an edit of a device that somebody else deletes stays to be copied', { skip }, async (t) => {
  const { page, open, url, complaints } = await openWithTwo(t);
  const drawer = await open('A-1');
  await drawer.getByLabel('Alias').fill('Gate');
  await call(url, 'DELETE', `${DRONES}/sn/A-1`);
  await drawer.getByText('This device was deleted while you were editing.').waitFor();
  t.equal(await drawer.getByLabel('Alias').inputValue(), 'Gate');
  t.equal(await drawer.getByRole('button', { name: 'Save' }).count(), 0);
  await drawer.getByRole('button', { name: 'Discard' }).click();
  await drawer.getByRole('form').waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  t.same(complaints, []);
});

t.test('a half-filled registration is asked about, too', { skip }, async (t) => {
  const { page, view } = await openWithTwo(t);
  await page.getByText('Register a device').click();
  const form = page.getByRole('form', { name: 'Register a device' });
  await form.getByLabel('Name').fill('New');
  await view('System');
  await page.getByRole('dialog').getByRole('button', { name: 'Keep editing' }).click();
  t.equal(await form.getByLabel('Name').inputValue(), 'New');
});

t.test('Escape closes one layer at a time, wherever the focus is', { skip }, async (t) => {
  const { page, open } = await openWithTwo(t);
  const drawer = await open('A-1');
  await drawer.getByRole('button', { name: 'Delete device' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  t.ok(await drawer.isVisible());
  t.ok(
    await drawer
      .getByRole('button', { name: 'Delete device' })
      .evaluate((one) => one === document.activeElement),
  );
  await page.locator('h1').click();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
});

t.test('Back closes the drawer, and Forward opens it again', { skip }, async (t) => {
  const { page, open, row } = await openWithTwo(t);
  const drawer = await open('A-1');
  await row('A-2').getByRole('button', { name: 'A-2' }).click();
  await page.getByRole('complementary', { name: 'Device A-2' }).waitFor();
  await page.goBack();
  await page.getByRole('complementary').waitFor({ state: 'detached' });
  t.notMatch(page.url(), /sn=/);
  await page.goForward();
  await page.getByRole('complementary', { name: 'Device A-2' }).waitFor();
  t.equal(await drawer.count(), 0);
});
